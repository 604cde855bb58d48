import ArgumentParser

/// `sotto complete -- WORDS`: what the shells' completion scripts call on every Tab.
///
/// Prints a line for each candidate: the value, and after a tab its description. A line that starts with a tab says that
/// files are valid too: "files" and the allowed extensions, all separated by tabs.
struct CompleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete", abstract: "Print completions of a command line, for the shells.", shouldDisplay: false)

    @Option(help: "Print the values of a source instead.")
    var values: CompletionSource?

    @Argument(parsing: .postTerminator, help: "The words after the program's name, up to the cursor.")
    var words: [String] = []

    func run() throws {
        if let values {
            return try StandardOutput.write(values.candidates(for: "").map { "\($0.value)\n" }.joined())
        }
        let result = CommandLineCompleter.complete(words, in: try CommandTree.program())
        var text = result.candidates.map(\.line).joined()
        if let extensions = result.fileExtensions {
            text += "\t" + (["files"] + extensions).joined(separator: "\t") + "\n"
        }
        try StandardOutput.write(text)
    }
}
