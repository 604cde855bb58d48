import Chat
import TUI

extension PanelKind {
    static let commands: PanelKind = .init(
        name: "commands", key: .control("p"), summary: "command palette", context: .list
    ) { state in
        state.openList(.commands)
        return [.listSessions, .listModels]
    }
}

extension ListSource {
    fileprivate static let commands: ListSource = .init(
        kind: .commands, title: "Command palette", empty: "No commands", verb: "run", isTable: true,
        entries: { $0.paletteEntries })
}

extension AppState {
    /// Everything that can be run or chosen.
    fileprivate var paletteEntries: [ListEntry] {
        let lists: [(kind: String, entries: [ListEntry])] = [
            ("command", commandEntries), ("key", keyEntries(.input)), ("message", keyEntries(.message)),
            ("setting", settingEntries), ("model", modelEntries), ("session", sessionEntries),
            ("preset", presetEntries), ("theme", themeEntries),
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

    /// The keys outside panels or on a message, except for those that nobody looks up in a list, such as for editing.
    private func keyEntries(_ context: KeyContext) -> [ListEntry] {
        KeyMap.rows.compactMap { row in
            guard row.group.applies(context), row.action.isInPalette, row.isInPalette(for: context) else { return nil }
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
    /// On a message, only actions on it: keys for moving around are the same everywhere.
    fileprivate func isInPalette(for context: KeyContext) -> Bool {
        guard context == .message else { return true }
        if case .onMessage = action { return true }
        return false
    }
}

extension KeyAction {
    fileprivate var isInPalette: Bool {
        switch self {
        case .edit, .click, .send, .complete, .rowUp, .rowDown, .escape, .interrupt, .deleteOrQuit, .home, .end:
            false
        default: true
        }
    }
}
