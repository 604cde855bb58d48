import ArgumentParser
import Inference

/// `sotto logits MODEL --tokens 1,2,3`: prints the logits of the next token.
struct LogitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logits", abstract: "Compute the logits that follow a list of token ids.",
        discussion: "Works without a usable vocabulary in the file.")

    @OptionGroup var engine: EngineArguments

    @Option(help: ArgumentHelp("Token ids, separated by commas.", valueName: "1,2,3"))
    var tokens: ArgumentList<Int32>

    @Option(
        help: ArgumentHelp(
            "Context length. The divisors of RoPE frequencies of some models depend on it (default: the number of tokens).",
            valueName: "tokens"))
    var contextLength: Int?

    @Option(help: ArgumentHelp("Tokens computed in one pass, 1 to 4096.", valueName: "tokens"))
    var prefillBatch: Int?

    @Flag(help: "Print the logits after every token, not only after the last.")
    var all = false

    @Flag(help: "Print {\"tokens\":[…],\"logits\":[[…]]} instead of the most likely tokens.")
    var json = false

    func run() async throws {
        let engine = try self.engine.start(
            contextLength: max(tokens.values.count, contextLength ?? 0), prefillBatch: prefillBatch)
        let logits = try await engine.logits(tokens: tokens.values, all: all)
        if json {
            try writeJSON(logits)
        } else {
            let first = tokens.values.count - logits.count
            let lines = logits.enumerated().map { Self.summary(of: $1, after: first + $0, engine.model) }
            try StandardOutput.write(StandardOutput.presentable(lines.joined()))
        }
    }

    /// Writes numbers directly: a general encoder takes seconds for millions of them.
    private func writeJSON(_ logits: [[Float]]) throws {
        let ids = tokens.values.map(String.init).joined(separator: ",")
        try StandardOutput.write("{\"tokens\":[\(ids)],\"logits\":[")
        for (index, row) in logits.enumerated() {
            // A whole number prints as "1.0", which is valid JSON too.
            let numbers = row.lazy.map(\.description).joined(separator: ",")
            try StandardOutput.write((index == 0 ? "[" : ",[") + numbers + "]")
        }
        try StandardOutput.write("]}\n")
    }

    private static func summary(of logits: [Float], after position: Int, _ model: Model) -> String {
        let best = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(10)
        let lines = best.map { token in
            let text = model.tokenizer.map { $0.decode([Int32(token)], special: true).debugDescription } ?? ""
            return "  \(token)\t\(logits[token])\t\(text)\n"
        }
        return "After token \(position + 1):\n" + lines.joined()
    }
}
