import TUI

/// Two branches side by side.
enum CompareView {
    static func draw(_ compare: ComparePanel, _ state: AppState, on surface: inout Surface) {
        let layout = CompareLayout(state.screen.size)
        let theme = state.screen.theme
        surface.cursor = nil
        let page = Rect(x: 0, y: 0, width: state.screen.size.width, height: state.screen.size.height - 1)
        surface.fill(page, style: theme.style(.text))
        surface.rule(layout.foot, theme: theme)
        for (number, side) in compare.sides.enumerated() {
            let column = ConversationLayout(state, side: side, area: layout.columns[number])
            let isFocused = number == compare.focus
            drawTitle(column, isFocused, layout.titles[number], theme, on: &surface)
            let area = layout.columns[number]
            for (row, visible) in column.visible.enumerated() {
                surface.write(visible.line, at: Point(x: area.x, y: area.y + row), theme: theme, clip: area)
            }
        }
        if let divider = layout.divider {
            for y in divider.y..<divider.maxY {
                let mark = y == divider.y ? "┬" : y == divider.maxY - 1 ? "┴" : "│"
                surface.write(mark, at: Point(x: divider.x, y: y), style: theme.style(.rule))
            }
        }
        let width = layout.foot.width - 6
        var line = footer.orNotice(state, width: width).line(width: width)
        line.spans = [.init(" ", .rule)] + line.spans + [.init(" ", .rule)]
        surface.write(line, at: Point(x: 2, y: layout.foot.y), theme: theme)
        let area = Rect(x: 1, y: layout.foot.y - 3, width: layout.foot.width - 2, height: 3)
        PanelView.draw(PanelNotice(state, width: width, area: area), area, state, on: &surface)
    }

    static let footer = PanelFooter.keys(
        [KeyHint(.tab, "other side"), "←→ alternative", KeyHint(.enter, "show"), .close])

    private static func drawTitle(
        _ column: ConversationLayout, _ isFocused: Bool, _ area: Rect, _ theme: Theme, on surface: inout Surface
    ) {
        surface.rule(area, theme: theme)
        // The focus must not be shown by colour alone.
        var title = isFocused ? " ▸ " : " "
        title += column.entries.first?.control ?? "one branch"
        title += column.below.map { " · \($0) " } ?? " "
        surface.write(
            Wrapping.truncate(title, width: area.width - 2), at: Point(x: area.x + 1, y: area.y),
            style: theme.style(isFocused ? .accent : .muted), clip: area)
    }
}
