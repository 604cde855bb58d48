import ArgumentParser
import Foundation
import Inference

/// `sotto perplexity MODEL --file TEXT`: measures how well the model predicts a text.
struct PerplexityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity", abstract: "Measure how well a model predicts a text.")

    @OptionGroup var engine: EngineArguments

    @Option(help: ArgumentHelp("A UTF-8 text file.", valueName: "path"), completion: .file())
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Tokens per window.", valueName: "tokens"))
    var context = 512

    @Flag(help: "Print {\"perplexity\":…,\"tokens\":…}.")
    var json = false

    func run() async throws {
        guard context >= 4 else { throw CommandLineError("--context must be at least 4, not \(context)") }
        let text = try TextFile.readText(file)
        let engine = try self.engine.start(contextLength: context)
        let tokenizer = try engine.model.requireTokenizer()
        let tokens = tokenizer.encode(text, parseSpecial: false, addSpecial: true)
        let result = try await engine.perplexity(tokens: tokens, window: context) { done, total in
            StandardError.showStatus("Window \(done) of \(total)")
        }
        StandardError.showStatus("")
        if json {
            try StandardOutput.writeJSON(Report(result))
        } else {
            try StandardOutput.write(
                String(
                    format: "perplexity %.4f ± %.4f (%d tokens, %d scored, windows of %d)\n", result.value,
                    result.uncertainty, result.tokens, result.scored, result.window))
        }
    }

    private struct Report: Encodable {
        let perplexity: Double
        let uncertainty: Double
        let tokens: Int
        let scored: Int
        let window: Int

        init(_ result: Perplexity) {
            perplexity = result.value
            uncertainty = result.uncertainty
            tokens = result.tokens
            scored = result.scored
            window = result.window
        }
    }
}
