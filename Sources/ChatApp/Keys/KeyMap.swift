import TUI

/// What every key does in every context.
enum KeyMap {
    static let rows: [KeyRow] =
        MainKeys.rows + ListPanel.keys + TextPanel.keys + PanelKind.all.flatMap(\.keys) + MainKeys.lineEditing
        + [KeyRow(.closing, [.escape, .control("c")], .closePanel, "close the panel")]
        + PanelKind.all.compactMap { kind in kind.key.map { KeyRow(.panels, [$0], .open(kind), kind.summary) } }
        + [KeyRow(.panels, [.control("l")], .redraw, "redraw the screen")]

    static let contexts: [KeyContext] =
        ([.input, .message, .search, .history, .completion, .list, .prompt, .text] + PanelKind.all.map(\.context))
        .uniqued()

    static func action(for key: Key, in context: KeyContext) -> KeyAction? { actions[context]?[key] }

    /// The groups whose keys work in a context, in the order of the rows.
    static func groups(in context: KeyContext) -> [KeyRow.Group] {
        rows.map(\.group).filter { $0.applies(context) }.uniqued()
    }

    /// The rows of a group as help shows them: with the keys that have this action in the context, and as one row if
    /// several have the same summary.
    static func rows(of group: KeyRow.Group, in context: KeyContext) -> [KeyRow] {
        var shown: [KeyRow] = []
        for var row in rows where row.group == group {
            row.keys = row.keys.filter { action(for: $0, in: context) == row.action }
            if let last = shown.last, last.summary == row.summary {
                shown[shown.count - 1].keys += row.keys
            } else if !row.keys.isEmpty || row.action == .click {
                shown.append(row)
            }
        }
        return shown
    }

    /// The first row with a key decides what the key does.
    private static let actions: [KeyContext: [Key: KeyAction]] = Dictionary(
        uniqueKeysWithValues: contexts.map { context in
            let pairs = rows.filter { $0.group.applies(context) }.flatMap { row in
                row.keys.map { ($0, row.action) }
            }
            return (context, Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        })
}
