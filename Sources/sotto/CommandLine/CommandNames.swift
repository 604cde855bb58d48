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

    /// What an option's value was probably meant to be, as the end of ArgumentParser's message about it: "The value
    /// 'markdwn' is invalid for '--format <format>'. Please provide one of 'markdown' and 'json'."
    static func valueHint(for message: String) -> String {
        guard let match = message.wholeMatch(of: /The value '(.*)' is invalid for .*Please provide one of (.*)/) else {
            return ""
        }
        let known = match.output.2.matches(of: /'([^']+)'/).map { String($0.output.1) }
        return Spelling.nearest(to: String(match.output.1), among: known).map { " Did you mean \($0)?" } ?? ""
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
