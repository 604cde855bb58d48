import TUI

/// A kind of panel: how it is opened, and which keys it has.
struct PanelKind: Sendable {
    /// Identifies the kind.
    let name: String
    /// The key that opens the panel from anywhere, or closes it; nil if there is none.
    var key: Key?
    /// The command that only opens the panel. (Commands that do more are rows of `CommandTable`.)
    var command: (name: String, aliases: [String])?
    /// What the key and the command show.
    var summary = ""
    /// Where the keys of its panel apply.
    var context: KeyContext
    /// The keys that only this kind has.
    var keys: [KeyRow] = []
    let open: @Sendable (inout AppState) -> [Effect]

    /// - Parameter open: opens the panel; nothing if it needs more than its kind, such as a message.
    init(
        name: String, key: Key? = nil, command: (name: String, aliases: [String])? = nil, summary: String = "",
        context: KeyContext, keys: [KeyRow] = [], open: @escaping @Sendable (inout AppState) -> [Effect] = { _ in [] }
    ) {
        self.name = name
        self.key = key
        self.command = command
        self.summary = summary
        self.context = context
        self.keys = keys
        self.open = open
    }

    /// Every kind, those with keys in the order of their keys.
    static let all: [PanelKind] = [
        .help, .models, .sessions, .trash, .sampling, .presets, .branches, .commands, .themes, .tokens, .comparison,
        .pull,
        .about,
        .document,
    ]
}

extension PanelKind: Hashable {
    static func == (a: PanelKind, b: PanelKind) -> Bool { a.name == b.name }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Command {
    /// Opens a panel; nil if no command does only that.
    init?(opening kind: PanelKind) {
        guard let command = kind.command else { return nil }
        self.init(command.name, aliases: command.aliases, "", kind.summary) { state, _ in state.openPanel(kind) }
    }
}
