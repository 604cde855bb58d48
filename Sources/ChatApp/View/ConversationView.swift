import TUI

/// The part of the conversation that is in sight; before the first word, what one can do.
enum ConversationView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.conversation
        let column = ConversationLayout(state)
        let lines = state.transcript.entries.isEmpty && state.reply == nil ? welcome(state, area.width) : column.visible
        for (row, line) in lines.prefix(area.height).enumerated() {
            surface.write(line, at: Point(x: area.x, y: area.y + row), theme: state.theme, clip: area)
        }
        surface.rule(layout.inputRule, theme: state.theme)
        if let below = column.below {
            let label = " \(below) "
            let width = DisplayWidth.of(label)
            surface.write(
                label, at: Point(x: max(0, layout.inputRule.width - width - 6), y: layout.inputRule.y),
                style: state.theme.style(.accent))
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
