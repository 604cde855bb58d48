import TUI

extension PanelKind {
    static let help: PanelKind = .init(
        name: "help", key: .function(1), command: ("help", ["?"]), summary: "keys and commands", context: .list
    ) { state in
        state.openList(.help(in: state.keyContext, isReplying: state.session.reply != nil))
        return []
    }
}

extension ListSource {
    fileprivate static func help(in context: KeyContext, isReplying: Bool) -> ListSource {
        ListSource(
            kind: .help, title: "Help", empty: "No keys", verb: "run", hasPreview: false, isTable: true,
            plainText: { PlainHelp.text }, entries: { $0.helpEntries(context, isReplying: isReplying) })
    }
}

extension AppState {
    /// The keys that work in a context, and the commands. While a reply is generated, the keys for it come first.
    fileprivate func helpEntries(_ context: KeyContext, isReplying: Bool) -> [ListEntry] {
        let groups = KeyMap.groups(in: context)
        let ordered = isReplying ? groups.filter { $0 == .reply } + groups.filter { $0 != .reply } : groups
        let keys = ordered.flatMap { group in
            KeyMap.rows(of: group, in: context).map { row in
                ListEntry(
                    kind: group.title, title: row.keyNames, details: [row.summary], choice: .key(row.action, context))
            }
        }
        let commands = commandEntries.map { entry in
            var entry = entry
            entry.kind = "Commands"
            return entry
        }
        return keys + commands
    }
}
