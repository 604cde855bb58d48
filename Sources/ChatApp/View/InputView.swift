import TUI

/// The draft, with the cursor where the next character goes.
enum InputView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.input
        surface.write("›", at: Point(x: 1, y: area.y), style: state.theme.style(.inputPrompt))
        let editor = EditorLayout(state.input, size: Size(width: area.width, height: area.height))
        if state.input.isEmpty {
            let hint = state.session.readOnly == nil ? "Write a message" : "read-only session: /new starts another"
            surface.write(
                Wrapping.truncate(hint, width: area.width), at: Point(x: area.x, y: area.y),
                style: state.theme.style(.placeholder))
        }
        for (row, text) in editor.rows.enumerated() {
            surface.write(text, at: Point(x: area.x, y: area.y + row), style: state.theme.style(.input), clip: area)
        }
        for (isMore, mark, y) in [(editor.hasAbove, "↑", area.y), (editor.hasBelow, "↓", area.maxY - 1)] where isMore {
            surface.write(mark, at: Point(x: 0, y: y), style: state.theme.style(.muted))
        }
        // Keys go elsewhere while a message is selected.
        surface.cursor = state.selection != nil ? nil : Point(x: area.x + editor.cursor.x, y: area.y + editor.cursor.y)
        if let rule = layout.statusRule { surface.rule(rule, theme: state.theme) }
    }
}
