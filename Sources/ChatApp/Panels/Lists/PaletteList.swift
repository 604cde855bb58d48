import Chat
import TUI

extension AppState {
    /// Everything that can be done or chosen.
    var paletteEntries: [ListEntry] {
        let lists: [(kind: String, entries: [ListEntry])] = [
            ("command", commandEntries), ("key", keyEntries), ("setting", settingEntries), ("model", modelEntries),
            ("session", sessionEntries), ("preset", presetEntries), ("theme", themeEntries),
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

    /// What keys do outside panels, writing and its like left out: one does not look for that in a list.
    private var keyEntries: [ListEntry] {
        KeyMap.rows.compactMap { row in
            guard row.group.contexts.contains(.input), row.action.isWorthListing else { return nil }
            return ListEntry(
                title: row.summary, isSentence: true, details: [row.keyNames], choice: .key(row.action, .input))
        }
    }

    private var settingEntries: [ListEntry] {
        SettingTable.rows.map { row in
            ListEntry(
                title: row.command, aliases: row.aliases, details: [row.text(in: session.settings), row.summary],
                choice: .setting(row.command))
        }
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
