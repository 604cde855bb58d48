/// A slash command: one row of `CommandTable`. Help, completion and the palette are drawn from it.
struct Command: Sendable {
    let name: String
    let aliases: [String]
    /// As help shows them: capitals stand for what the person puts in, brackets for what may be left out.
    let arguments: String
    let summary: String
    /// What the arguments may be, given what stands there so far; whole arguments, best first.
    let complete: @Sendable (AppState, String) -> [String]
    let run: Action

    typealias Action = @Sendable (inout AppState, String) throws(CommandError) -> [Effect]

    init(
        _ name: String, aliases: [String] = [], _ arguments: String = "", _ summary: String,
        complete: @escaping @Sendable (AppState, String) -> [String] = { _, _ in [] }, run: @escaping Action
    ) {
        self.name = name
        self.aliases = aliases
        self.arguments = arguments
        self.summary = summary
        self.complete = complete
        self.run = run
    }

    /// Whether it does something useful without arguments.
    var isWholeWithoutArguments: Bool { arguments.isEmpty || arguments.hasPrefix("[") }

    /// Where in the arguments typed so far the path of a file begins; nil where none may stand.
    func fileStart(in typed: String) -> Int? {
        for form in arguments.filter({ !"[]".contains($0) }).split(separator: "|") {
            var start = 0
            for word in form.split(separator: " ") {
                if ["FILE", "PATH"].contains(word) { return start }
                let rest = typed.dropFirst(start)
                let typedWord = rest.prefix { $0 != " " }
                guard typedWord.count < rest.count, word.first?.isUppercase == true || word == typedWord else { break }
                start += typedWord.count + rest.dropFirst(typedWord.count).prefix { $0 == " " }.count
            }
        }
        return nil
    }

    /// How it is written, as errors show it.
    var usage: String { "/\(name) \(arguments)" }
}

/// Why a command cannot be done, in one line that says what would be right.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
