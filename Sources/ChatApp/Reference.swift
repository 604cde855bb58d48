/// The chat's keys and slash commands as data, for the reference and the manual page.
public enum Reference {
    public struct KeyGroup: Sendable {
        public let title: String
        public let keys: [Entry]
    }

    public struct Entry: Sendable {
        /// Keys, or a command with its arguments.
        public let name: String
        /// Other names of a command.
        public let aliases: [String]
        public let summary: String
    }

    /// Every key, by where it works.
    public static var keys: [KeyGroup] {
        KeyMap.rows.map(\.group).uniqued().map { group in
            let context = KeyMap.contexts.first(where: group.applies)
            let rows = context.map { KeyMap.rows(of: group, in: $0) } ?? []
            return KeyGroup(
                title: group.title, keys: rows.map { Entry(name: $0.keyNames, aliases: [], summary: $0.summary) })
        }
    }

    /// Every slash command.
    public static var commands: [Entry] {
        CommandTable.rows.map { command in
            Entry(
                name: "/\(command.name)" + (command.arguments.isEmpty ? "" : " \(command.arguments)"),
                aliases: command.aliases.map { "/\($0)" }, summary: command.summary)
        }
    }
}
