import Chat
import TUI

extension AppState {
    /// Everything that can be done or chosen.
    var paletteEntries: [ListEntry] {
        let lists: [(kind: String, entries: [ListEntry])] = [
            ("command", commandEntries), ("key", keyEntries(.input)), ("message", keyEntries(.message)),
            ("setting", settingEntries), ("model", modelEntries), ("session", sessionEntries),
            ("preset", presetEntries),
            ("theme", themeEntries),
        ]
        return lists.flatMap { list in
            list.entries.map { entry in
                var entry = entry
                entry.kind = list.kind
                return entry
            }
        }
    }

    var commandEntries: [ListEntry] {
        CommandTable.rows.map { command in
            ListEntry(
                title: "/\(command.name)", suffix: command.arguments,
                aliases: [command.name] + command.aliases.flatMap { [$0, "/\($0)"] },
                details: [command.summary] + command.aliases.map { "/\($0)" }, choice: .command(command.name))
        }
    }

    /// What keys do outside panels or on a message, writing and its like left out: one does not look for that in a list.
    private func keyEntries(_ context: KeyContext) -> [ListEntry] {
        KeyMap.rows.compactMap { row in
            guard row.group.contexts.contains(context), row.action.isWorthListing, row.isDone(in: context) else {
                return nil
            }
            return ListEntry(
                title: row.summary, isSentence: true, details: [row.keyNames], choice: .key(row.action, context))
        }
    }

    private var settingEntries: [ListEntry] {
        SettingTable.rows.map { row in
            ListEntry(
                title: row.command, aliases: row.aliases,
                details: [row.text(in: session.record.settings), row.summary],
                choice: .setting(row.command))
        }
    }
}

extension KeyRow {
    /// On a message only what is done to it: moving about is the same everywhere.
    fileprivate func isDone(in context: KeyContext) -> Bool {
        guard context == .message else { return true }
        if case .onMessage = action { return true }
        return false
    }
}

extension KeyAction {
    /// Whether one might look for it by name.
    fileprivate var isWorthListing: Bool {
        switch self {
        case .edit, .click, .send, .complete, .rowUp, .rowDown, .escape, .interrupt, .deleteOrLeave, .home, .end:
            false
        default: true
        }
    }
}
