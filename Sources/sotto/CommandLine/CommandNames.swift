import ArgumentParser
import Chat

/// The words that subcommands go by.
enum CommandNames {
    /// What is wrong with the arguments where a word stands in them that should be a subcommand and is none; nil where
    /// something else is.
    static func mistake(in arguments: [String]) -> CommandLineError? {
        var command: any ParsableCommand.Type = Sotto.self
        var path = "sotto"
        for word in arguments {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            guard let next = known.first(where: { names(of: $0).contains(word) }) else {
                return CommandLineError("there is no command '\(path) \(word.prefix(40))'; " + hint(word, known, path))
            }
            command = next
            path += " \(next._commandName)"
        }
        return nil
    }

    private static func hint(_ word: String, _ known: [any ParsableCommand.Type], _ path: String) -> String {
        let near = Spelling.nearest(to: word, among: known.flatMap { names(of: $0) })
        return near.map { "did you mean \(path) \($0)?" }
            ?? "there are: \(known.map { $0._commandName }.joined(separator: ", "))"
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
