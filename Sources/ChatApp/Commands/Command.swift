/// A slash command: one row of `CommandTable`. Help, completion and the command palette are built from these rows.
struct Command: Sendable {
    let name: String
    let aliases: [String]
    /// As help shows them: capitals stand for what the user fills in, brackets for what may be left out.
    let arguments: String
    /// What the command does, in the imperative or as a noun.
    let summary: String
    /// All arguments that could be meant, given those typed so far; the best ones first.
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

    var worksWithoutArguments: Bool { arguments.isEmpty || arguments.hasPrefix("[") }

    /// The offset at which a file's path begins in the arguments typed so far; nil if none is expected there.
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

    /// The command with its arguments, as error messages show it.
    var usage: String { arguments.isEmpty ? "/\(name)" : "/\(name) \(arguments)" }
}

/// Why a command cannot be run, and what to do about it, in one line.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
