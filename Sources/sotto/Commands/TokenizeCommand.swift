import ArgumentParser
import GGUF
import Inference
import Tokenizers

/// `sotto tokenize MODEL`: the token ids of a text.
struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Turn the text on standard input into token ids.",
        discussion: "Works on a file that holds only a vocabulary, too.")

    @Argument(help: "A GGUF file, or the name of a model that 'sotto models' lists.")
    var model: ModelArgument

    @Flag(help: "Recognise control tokens in the text, and add BOS and EOS as the model asks.")
    var special = false

    @Flag(help: "Print {\"tokens\":[…]} instead of one line per token.")
    var json = false

    func run() throws {
        let file = try GGUFFile(path: try model.path())
        guard let tokenizer = try Tokenizer(file) else {
            throw CommandLineError("\(file.path) has no vocabulary; a model that reads text has one")
        }
        let text = String(decoding: try StandardInput.readAll(), as: UTF8.self)
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
