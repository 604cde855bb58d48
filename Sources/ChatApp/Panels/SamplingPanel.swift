import Chat
import TUI

/// The settings, changed in place; effective from the next token.
struct SamplingPanel: Sendable {
    /// A row of `SettingTable`.
    var selected = 0
    /// The value being typed; nil while none is.
    var entry: String?
    /// Why the last one was refused.
    var complaint: String?
}

extension AppState {
    mutating func press(_ key: Key, in panel: SamplingPanel) -> [Effect] {
        var panel = panel
        panel.complaint = nil
        let last = SettingTable.rows.count - 1
        let row = SettingTable.rows[max(0, min(panel.selected, last))]
        var effects: [Effect] = []

        func select(_ index: Int) {
            panel.selected = max(0, min(index, last))
            panel.entry = nil
        }
        switch key {
        case .up, .wheelUp: select(panel.selected - 1)
        case .down, .wheelDown, .tab: select(panel.selected + 1)
        case .pageUp: select(panel.selected - 8)
        case .pageDown: select(panel.selected + 8)
        case .home: select(0)
        case .end: select(last)
        case .left, .right, .alt(.left), .alt(.right):
            panel.entry = nil
            let steps = [.alt(.left), .alt(.right)].contains(key) ? 10 : 1
            effects = change(row) { row.nudge(&$0, by: [.left, .alt(.left)].contains(key) ? -steps : steps) }
        case .delete, .control("r"):
            panel.entry = nil
            effects = change(row) { try? row.set(row.value(in: GenerationSettings()), in: &$0) }
        case .backspace: if panel.entry?.isEmpty == false { panel.entry?.removeLast() }
        case .control("u"): panel.entry = nil
        case .enter:
            if let entry = panel.entry {
                do {
                    let value = try row.parse(entry)
                    effects = change(row) { try? row.set(value, in: &$0) }
                    panel.entry = nil
                } catch {
                    panel.complaint = error.description
                }
            } else {
                panel.entry = row.text(in: session.settings)
            }
        case .character(let character): panel.entry = (panel.entry ?? "") + String(character)
        case .paste(let text): panel.entry = (panel.entry ?? "") + text.prefix { !$0.isNewline }
        default: break
        }
        self.panel = .sampling(panel)
        return effects
    }

    private mutating func change(_ row: SettingRow, _ edit: (inout GenerationSettings) -> Void) -> [Effect] {
        var settings = session.settings
        edit(&settings)
        return settings == session.settings ? [] : change(settings)
    }
}
