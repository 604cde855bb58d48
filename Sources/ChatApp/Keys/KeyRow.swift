import TUI

/// A row of the key map: `KeyMap` looks keys up in it, and help shows it.
struct KeyRow: Sendable {
    var group: Group
    var keys: [Key]
    var action: KeyAction
    var summary: String
    /// A word for the status line or the bottom of a panel; nil for keys that are not shown there.
    var label: String?

    init(_ group: Group, _ keys: [Key], _ action: KeyAction, _ summary: String, label: String? = nil) {
        self.group = group
        self.keys = keys
        self.action = action
        self.summary = summary
        self.label = label
    }

    /// Describes a click for help. What a click does depends on where it is.
    static func click(_ group: Group, _ summary: String) -> KeyRow { KeyRow(group, [], .click, summary) }

    static func clickOutside(_ group: Group) -> KeyRow { click(group, "outside the panel: close it") }

    /// A row for each of the digits 1 to 9, which help shows as one.
    static func digits(_ group: Group, _ action: (Int) -> KeyAction, _ summary: String) -> [KeyRow] {
        (1...9).map { KeyRow(group, [.character(Character(String($0)))], action($0), summary) }
    }

    /// All keys of the row, as help shows them.
    var keyNames: String {
        if action == .click { return "click" }
        let digits = keys.filter { if case .character(let key) = $0 { key.isNumber } else { false } }
        if let first = digits.first, let last = digits.last, digits.count > 2, digits == keys {
            return "\(first) … \(last)"
        }
        return keys.map(\.description).uniqued().joined(separator: ", ")
    }
}

extension KeyRow {
    /// Rows that belong together; help shows the title next to them.
    struct Group: Sendable {
        let title: String
        /// Whether the keys of this group work in a context.
        let applies: @Sendable (KeyContext) -> Bool

        init(_ title: String, where applies: @escaping @Sendable (KeyContext) -> Bool) {
            self.title = title
            self.applies = applies
        }

        init(_ title: String, in contexts: KeyContext...) {
            self.init(title) { contexts.contains($0) }
        }

        static let writing = Group("Writing", in: .input)
        static let completion = Group("Completion", in: .completion)
        static let history = Group("History search", in: .history)
        static let message = Group("Selected message", in: .message)
        static let search = Group("Search", in: .search)
        static let prompt = Group("Prompts", in: .prompt)
        static let reply = Group("Reply", in: .input, .message)
        static let reading = Group("Reading", in: .input, .message)
        static let list = Group("List") { $0.isPanel && $0.hasLine && $0 != .prompt && $0 != .pull }
        static let text = Group("Text", in: .text)
        static let line = Group("Line editing") { $0.hasLine }
        static let closing = Group("Closing") { $0.isPanel && $0 != .prompt }
        static let panels = Group("Panels") { _ in true }
    }
}

extension KeyRow.Group: Hashable {
    static func == (a: KeyRow.Group, b: KeyRow.Group) -> Bool { a.title == b.title }

    func hash(into hasher: inout Hasher) { hasher.combine(title) }
}
