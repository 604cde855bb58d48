import TUI

/// The line at the foot of a panel.
enum PanelFooter {
    /// What keys do, the most needed first; those at the end are not named where there is no room for them. (The way out
    /// stands in the status line too.)
    case keys([String])
    /// What is to be known, or what is wrong.
    case remark(String, StyleRole)

    /// What came up since the last key was pressed, else this. (What waits longer is to be seen once the panel is closed.)
    func orNotice(_ state: AppState) -> PanelFooter {
        guard state.notices.total > state.noticesBeforeKey, let notice = state.notices.current else { return self }
        return .remark(notice.line, notice.kind.role)
    }

    func line(width: Int) -> StyledLine {
        switch self {
        case .remark(let text, let role): return StyledLine(Wrapping.truncate(text, width: width), role)
        case .keys(var keys):
            func text() -> String { keys.joined(separator: "  ") }
            while keys.count > 1, DisplayWidth.of(text()) > width { keys.removeLast() }
            return StyledLine(Wrapping.truncate(text(), width: width), .muted)
        }
    }
}
