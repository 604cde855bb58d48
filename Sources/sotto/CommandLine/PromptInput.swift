/// The prompt of `sotto run`: the arguments, and what is piped in.
struct PromptInput {
    let arguments: [String]
    /// Whether standard input may be read.
    let isInputUsed: Bool

    /// Stands for standard input among the arguments.
    private static let inputMark = "-"

    func text() throws -> String {
        var words: [String] = []
        var parts: [String] = []
        func endWords() {
            if !words.isEmpty { parts.append(words.joined(separator: " ")) }
            words = []
        }
        for argument in arguments {
            guard argument == Self.inputMark else {
                words.append(argument)
                continue
            }
            guard isInputUsed else { throw CommandLineError("\"-\" reads standard input, but --no-input forbids it") }
            endWords()
            // Reading it a second time finds nothing.
            if let input = try Self.input() { parts.append(input) }
        }
        endWords()
        if isInputUsed, !arguments.contains(Self.inputMark), !StandardInput.isTerminal, !isLeftToTheCaller(parts) {
            if let input = try Self.input() { parts.append(input) }
        }
        guard !parts.isEmpty else {
            throw CommandLineError("No prompt given. Pass it as an argument or pipe it in")
        }
        return parts.joined(separator: "\n\n")
    }

    /// With a prompt of its own, a command in a loop over the lines of a file leaves the file to the loop.
    private func isLeftToTheCaller(_ parts: [String]) -> Bool {
        guard !parts.isEmpty, StandardInput.isSharedFile else { return false }
        StandardError.writeLine(
            "sotto: not reading standard input, which another program is reading (\"-\" reads it, --no-input hides this)"
        )
        return true
    }

    /// Nil if there is nothing but whitespace.
    private static func input() throws -> String? {
        let text = try StandardInput.readText()
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }
}
