import ArgumentParser
import Inference
import Tokenizers

/// `sotto tokenize MODEL`: prints the token ids of a text.
struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Print the token ids of the text on standard input.",
        discussion: "Also works with a file that contains only a vocabulary.")

    @Argument(help: "A GGUF file, a Hugging Face folder, an ONNX export, or a model name from 'sotto models'.")
    var model: ModelArgument

    @Flag(help: "Recognise control tokens in the text, and add BOS and EOS as the model requires.")
    var special = false

    @Flag(help: "Print {\"tokens\":[…]} instead of one line per token.")
    var json = false

    func run() throws {
        let source = try OpenedSource.open(try model.path())
        guard let description = try source.tokenizerDescription() else {
            throw CommandLineError("\(source.path) has no vocabulary. Choose a model that can read text")
        }
        let tokenizer = try Tokenizer(description)
        for warning in tokenizer.warnings { StandardError.writeLine("sotto: \(warning)") }
        let text = try StandardInput.readText()
        let tokens = tokenizer.encode(text, parseSpecial: special, addSpecial: special)
        if json {
            try StandardOutput.writeJSON(["tokens": tokens])
        } else {
            let lines = tokens.map { token -> String in
                let text = String(decoding: tokenizer.bytes(of: token, special: true), as: UTF8.self)
                return "\(token)\t\(text.debugDescription)\n"
            }
            try StandardOutput.write(StandardOutput.presentable(lines.joined()))
        }
    }
}
