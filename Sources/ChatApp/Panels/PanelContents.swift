import Chat
import TUI

extension Panel {
    /// nil for a panel that has a view of its own.
    func content(_ state: AppState) -> PanelContent? {
        switch self {
        case .list(let list): list.content(state)
        case .sampling(let sampling): sampling.content(state)
        case .tokens(let tokens): tokens.content(state)
        case .text(let text): text.content(state)
        case .tree(let tree): tree.content(state)
        case .compare: nil
        }
    }
}

extension TextPanel {
    func content(_ state: AppState) -> PanelContent {
        let rows = lines(state)
        let height = PanelLayout(state.size).rows.height
        let top = max(0, min(top, rows.count - height))
        let place = rows.count > height ? ["\(min(rows.count, top + height))/\(rows.count)"] : []
        return PanelContent(
            title: title, rows: PanelRows(rows), top: top, footer: .keys(place + ["Esc closes"]))
    }
}
