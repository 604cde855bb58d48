import TUI

/// The current notice. (A panel shows it on its bottom line instead.)
enum NoticeView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        guard let area = layout.notice, let notice = NoticeLines(state, width: area.width, limit: area.height) else {
            return
        }
        surface.fill(area, style: state.screen.theme.style(.text))
        for (row, line) in notice.lines.enumerated() {
            surface.write(line, at: Point(x: 1, y: area.y + row), theme: state.screen.theme)
        }
        surface.write(
            notice.hint, at: Point(x: area.width - 1 - notice.hint.count, y: area.y),
            style: state.screen.theme.style(.muted))
    }
}
