import ArgumentParser
import Chat

/// Names and aliases of subcommands.
enum CommandNames {
    /// An error about the first argument that should be a subcommand but is unknown; nil if there is none.
    static func mistake(in arguments: [String]) -> CommandLineError? {
        var command: any ParsableCommand.Type = Sotto.self
        var path = "sotto"
        for word in arguments {
            let known = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
            guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            guard let next = known.first(where: { names(of: $0).contains(word) }) else {
                return CommandLineError("Unknown command \"\(path) \(word.prefix(40))\". " + hint(word, known, path))
            }
            command = next
            path += " \(next._commandName)"
        }
        return nil
    }

    private static func hint(_ word: String, _ known: [any ParsableCommand.Type], _ path: String) -> String {
        let near = Spelling.nearest(to: word, among: known.flatMap { names(of: $0) })
        return near.map { "Did you mean \(path) \($0)?" }
            ?? "Commands: \(known.map { $0._commandName }.joined(separator: ", "))"
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
