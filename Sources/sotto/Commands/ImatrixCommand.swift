import ArgumentParser
import Foundation
import Inference

/// `sotto imatrix MODEL TEXT -o FILE`: measures which columns of a model's matrices matter for a text.
struct ImatrixCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "imatrix", abstract: "Measure which weights of a model matter for a text, for quantize --imatrix.",
        discussion: """
            Runs the text through the model and adds up the squares of what each column of its matrices is multiplied \
            with. The text should be like what the model will be used for; some tens of thousands of tokens are enough, \
            more for models with many experts. The file has the form of llama.cpp's llama-imatrix.
            """)

    @OptionGroup var engine: EngineArguments

    @Argument(help: "A UTF-8 text file.", completion: .file())
    var text: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "path"),
        completion: .file(extensions: ["gguf"]))
    var output: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Tokens of each chunk of text.", valueName: "tokens"))
    var context = 512

    @Flag(help: "Replace the output file if it exists.")
    var force = false

    func run() async throws {
        guard context >= 4 else { throw CommandLineError("--context must be at least 4, not \(context)") }
        let content = try TextFile.readText(text)
        let target = try OutputFile(output, source: text, overwriting: force)
        let engine = try self.engine.start(contextLength: context)
        let tokenizer = try engine.model.requireTokenizer()
        let interrupts = InterruptHandler.beforeEnding { target.discard() }
        defer { interrupts.cancel() }
        let tokens = tokenizer.encode(content, parseSpecial: false, addSpecial: true)
        let name = URL(fileURLWithPath: text).lastPathComponent
        let matrix = try await engine.importance(tokens: tokens, chunkSize: context, dataset: name) { done, total in
            StandardError.showStatus("Chunk \(done) of \(total)")
        }
        StandardError.showStatus("")
        try matrix.write(to: target)
        let (experts, unused) = matrix.experts
        if unused > 0 {
            StandardError.writeLine(
                "note: no token has used \(unused) of the \(experts) matrices of experts; use a longer text")
        }
        StandardError.writeLine(
            "\(output): \(matrix.tensorCount) tensors, \(matrix.chunks) chunks of \(matrix.chunkSize) tokens")
    }
}
