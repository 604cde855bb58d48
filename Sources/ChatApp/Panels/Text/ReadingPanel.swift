import TUI

/// A panel with a text to scroll through.
protocol ReadingPanel: Panel {
    var title: String { get }
    var window: ReadingWindow { get set }
    func lines(_ state: AppState, width: Int) -> [StyledLine]
}

extension ReadingPanel {
    func content(_ state: AppState) -> PanelContent? {
        let area = PanelLayout(state.screen.size).rows
        let lines = lines(state, width: area.width)
        let top = window.top(count: lines.count, height: area.height)
        let position =
            lines.count > area.height
            ? [KeyHint(text: "\(min(lines.count, top + area.height))/\(lines.count)", key: nil)] : []
        return PanelContent(title: title, rows: PanelRows(lines), top: top, footer: .keys(position + [.close]))
    }

    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        let area = PanelLayout(state.screen.size).rows
        let step: ScrollStep = if case .row(let rows) = move { .lines(rows) } else { move.scrollStep ?? .lines(0) }
        window.move(step, count: lines(state, width: area.width).count, height: area.height)
        return []
    }
}
