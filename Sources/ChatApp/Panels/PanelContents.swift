import Chat
import TUI

extension Panel {
    /// nil for a panel that has a view of its own.
    func content(_ state: AppState) -> PanelContent? {
        if let details = detailContent(state) { return details }
        switch self {
        case .list(let list): return list.content(state)
        case .sampling(let sampling): return sampling.content(state)
        case .tokens(let tokens): return tokens.content(state)
        case .text(let text): return text.content(state)
        case .tree(let tree): return tree.content(state)
        case .compare: return nil
        }
    }
}

extension TextPanel {
    func content(_ state: AppState) -> PanelContent {
        let rows = lines(state)
        let height = PanelLayout(state.screen.size).rows.height
        let top = window.top(count: rows.count, height: height)
        let place =
            rows.count > height ? [KeyHint(text: "\(min(rows.count, top + height))/\(rows.count)", key: nil)] : []
        return PanelContent(
            title: title, rows: PanelRows(rows), top: top, footer: .keys(place + [.closes]))
    }
}
