import TUI

/// The draft, with the cursor where the next character is inserted.
enum InputView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.input
        if let rule = layout.statusRule { surface.rule(rule, theme: state.screen.theme) }
        if let search = state.reading.search, search.isTyping {
            return draw(search, area, state.screen.theme, on: &surface)
        }
        let isSearching = state.composer.historySearch != nil
        surface.write(
            isSearching ? "⌕" : "›", at: Point(x: 1, y: area.y), style: state.screen.theme.style(.inputPrompt))
        let content = InputContent(state, Size(width: area.width, height: area.height))
        if state.composer.input.isEmpty, !isSearching {
            let hint =
                state.library.hasNoUsableModel && state.library.pull == nil
                ? "Press Enter to download a model, or type /pull"
                : state.session.record.readOnly == nil ? "Write a message" : "Read-only; /new starts a session"
            surface.write(
                Wrapping.truncate(hint, width: area.width), at: Point(x: area.x, y: area.y),
                style: state.screen.theme.style(.placeholder))
        }
        for (row, line) in content.rows.enumerated() {
            surface.write(line, at: Point(x: area.x, y: area.y + row), theme: state.screen.theme, clip: area)
        }
        for (isMore, mark, y) in [(content.hasAbove, "↑", area.y), (content.hasBelow, "↓", area.maxY - 1)] where isMore
        {
            surface.write(mark, at: Point(x: 0, y: y), style: state.screen.theme.style(.muted))
        }
        // While a message is selected, the input does not get the keys.
        surface.cursor =
            state.reading.selection != nil ? nil : Point(x: area.x + content.cursor.x, y: area.y + content.cursor.y)
    }

    /// The search field, in place of the draft.
    private static func draw(_ search: Search, _ area: Rect, _ theme: Theme, on surface: inout Surface) {
        surface.write("/", at: Point(x: 1, y: area.y), style: theme.style(.inputPrompt))
        let field = EditorLayout(search.field, size: Size(width: 10_000, height: 1))
        let shift = max(0, field.cursor.x - (area.width - 1))
        surface.write(
            field.rows.first ?? "", at: Point(x: area.x - shift, y: area.y), style: theme.style(.input), clip: area)
        surface.cursor = Point(x: area.x + field.cursor.x - shift, y: area.y)
    }
}
