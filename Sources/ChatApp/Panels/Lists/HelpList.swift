import TUI

extension AppState {
    /// The keys that apply in a context, and the commands. What has to do with a running reply comes first while
    /// there is one.
    func helpEntries(_ context: KeyContext, isReplying: Bool) -> [ListEntry] {
        let groups = KeyRow.Group.allCases.filter { $0.contexts.contains(context) }
        let ordered = isReplying ? groups.filter { $0 == .reply } + groups.filter { $0 != .reply } : groups
        let keys = ordered.flatMap { group in
            KeyMap.rows(of: group, in: context).map { row in
                ListEntry(
                    kind: group.rawValue, title: row.keyNames, details: [row.summary],
                    choice: .key(row.action, context))
            }
        }
        let commands = commandEntries.map { entry in
            var entry = entry
            entry.kind = "Commands"
            return entry
        }
        return keys + commands
    }

    /// Does what a key does, where help or the palette was opened from.
    mutating func act(_ action: KeyAction, in context: KeyContext) -> [Effect] {
        screen.panel = screen.panelBehind
        screen.panelBehind = nil
        // What is done to a message is done to the latest one, where none is selected.
        if context == .message, keyContext == .input { moveSelection(-1) }
        guard keyContext == context else { return [] }
        return runKeyAction(action, wasQuitting: false)
    }
}
