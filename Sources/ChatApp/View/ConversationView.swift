import TUI

/// The visible part of the conversation.
enum ConversationView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.conversation
        let column = ConversationLayout(state)
        draw(column, state, area, on: &surface)
        surface.rule(layout.inputRule, theme: state.screen.theme)
        var room = layout.inputRule.width - 4
        let labels = labels(state)
        if let below = column.below {
            func place(_ label: String) -> Int { max(0, layout.inputRule.width - DisplayWidth.of(label) - 6) }
            // In narrow windows, what the keys are for matters more than how much is below.
            let isCrowded =
                labels.last.map { DisplayWidth.of(Sanitizer.visible($0)) + 4 > place(" \(below) ") } ?? false
            let label = isCrowded ? " ↓ " : " \(below) "
            let x = place(label)
            surface.write(label, at: Point(x: x, y: layout.inputRule.y), style: state.screen.theme.style(.accent))
            room = x - 2
        }
        if let label = labels.first(where: { DisplayWidth.of(Sanitizer.visible($0)) + 2 <= room }) {
            surface.write(
                " \(label) ", at: Point(x: 2, y: layout.inputRule.y), style: state.screen.theme.style(.accent))
        }
    }

    /// What the keys are for right now, in decreasing length: the first one that fits is shown above the input.
    private static func labels(_ state: AppState) -> [String] {
        if let search = state.reading.search {
            let found =
                search.position.map { "\($0)/\(search.total)" }
                ?? (search.hits.isEmpty ? "no match" : Format.count(search.total, "match", plural: "matches"))
            let more = search.more > 0 ? " · \(search.more) more on other branches: Tab" : ""
            let brief = search.more > 0 ? " +\(search.more) Tab" : ""
            if search.isTyping {
                if search.pattern == nil { return ["search"] }
                return ["search · \(found)\(more)", "search · \(found)\(brief)", "\(found)\(brief)", found]
            }
            let text = "\(search.field.text) · \(found)"
            return [
                "search \(text) · n next, N previous\(more)", "search \(text)\(more)", "search \(text)\(brief)",
                "\(text)\(brief)", "\(found)\(brief)", found,
            ]
        }
        guard let edit = state.composer.edit, let number = state.session.transcript.position(of: edit.message) else {
            return []
        }
        // While a reply streams, Esc stops the reply first.
        let key = state.isWorking ? "" : " · Esc cancel"
        return ["editing message \(number + 1)\(key)", "editing \(number + 1)\(key)", "editing"]
    }

    private static func draw(
        _ column: ConversationLayout, _ state: AppState, _ area: Rect, on surface: inout Surface
    ) {
        let rows = column.visible
        let selected = state.selectedEntry
        // The bar ends before the blank line after the message.
        let end = selected.map { column.lineCount(of: $0) - 1 }
        let lines = state.reading.search?.highlighted(rows, width: area.width) ?? rows.map(\.line)
        for (index, row) in rows.enumerated() {
            let y = area.y + index
            surface.write(lines[index], at: Point(x: area.x, y: y), theme: state.screen.theme, clip: area)
            if row.position.entry == selected, row.position.line != end {
                surface.write("▌", at: Point(x: area.x - 1, y: y), style: state.screen.theme.style(.accent))
            }
        }
    }
}
