import TUI

/// The line at the foot of a panel.
enum PanelFooter {
    /// What keys do, the most needed first; those at the end are not named where there is no room for them. (The way out
    /// stands in the status line too.)
    case keys([String])
    /// What is to be known, or what is wrong; where there is no room for all of it, the key that shows the whole.
    case remark(String, StyleRole, whole: String? = nil)

    /// What leads to what has no room here.
    static let details = "Ctrl-O more"

    /// What came up since the last key was pressed, else this. (What waits longer is to be seen once the panel is closed.)
    func orNotice(_ state: AppState) -> PanelFooter {
        guard state.notices.total > state.noticesBeforeKey, let notice = state.notices.current else { return self }
        return .remark(notice.line, notice.kind.role)
    }

    func line(width: Int) -> StyledLine {
        switch self {
        case .remark(let text, let role, let whole):
            guard let whole, DisplayWidth.of(text) > width else { return StyledLine(Wrapping.truncate(text, width: width), role) }
            let room = width - DisplayWidth.of(whole) - 2
            guard room >= Self.leastText else { return StyledLine(whole, .muted) }
            var line = StyledLine(Wrapping.truncate(text, width: room), role)
            line.append("  \(whole)", .muted)
            return line
        case .keys(var keys):
            func text() -> String { keys.joined(separator: "  ") }
            while keys.count > 1, DisplayWidth.of(text()) > width { keys.removeLast() }
            return StyledLine(Wrapping.truncate(text(), width: width), .muted)
        }
    }

    /// Columns of a text's beginning that are worth more than nothing.
    private static let leastText = 10
}
