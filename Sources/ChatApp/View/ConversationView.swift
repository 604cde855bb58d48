import TUI

/// The part of the conversation that is in sight; before the first word, what one can do.
enum ConversationView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.conversation
        let column = ConversationLayout(state)
        if state.transcript.entries.isEmpty, state.reply == nil {
            for (row, line) in welcome(state, area.width).prefix(area.height).enumerated() {
                surface.write(line, at: Point(x: area.x, y: area.y + row), theme: state.theme, clip: area)
            }
        } else {
            draw(column.visible, state, area, on: &surface)
        }
        surface.rule(layout.inputRule, theme: state.theme)
        if let edited = state.edit.flatMap({ state.transcript.position(of: $0.message) }) {
            let label = " editing message \(edited + 1) · Esc cancels "
            surface.write(
                Wrapping.truncate(label, width: layout.inputRule.width - 4), at: Point(x: 2, y: layout.inputRule.y),
                style: state.theme.style(.accent))
        }
        if let below = column.below {
            let label = " \(below) "
            let width = DisplayWidth.of(label)
            surface.write(
                label, at: Point(x: max(0, layout.inputRule.width - width - 6), y: layout.inputRule.y),
                style: state.theme.style(.accent))
        }
    }

    private static func draw(
        _ rows: [ConversationLayout.Row], _ state: AppState, _ area: Rect, on surface: inout Surface
    ) {
        let selected = state.selectedEntry
        for (index, row) in rows.enumerated() {
            let y = area.y + index
            surface.write(row.line, at: Point(x: area.x, y: y), theme: state.theme, clip: area)
            if row.place.entry == selected, !row.line.spans.isEmpty {
                surface.write("▌", at: Point(x: area.x - 1, y: y), style: state.theme.style(.accent))
            }
        }
    }

    private static func welcome(_ state: AppState, _ width: Int) -> [StyledLine] {
        let advice =
            state.session.model == nil
            ? "Choose a model with F2." : "Write something and press Enter."
        return [StyledLine()]
            + [advice, "F1 shows the keys, Ctrl-P every command."]
            .flatMap { Wrapping.wrap(StyledLine($0, .muted), width: width) }
    }
}
