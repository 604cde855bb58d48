import TUI

/// The line at the foot of a panel.
enum PanelFooter {
    /// What keys do, the most needed first; those at the end are not named where there is no room for them. (The way out
    /// stands in the status line too.) Where not all is in sight, the key that shows the whole comes second, or first where
    /// there is room for one only.
    case keys([KeyHint], isWhole: Bool = true)
    /// What is to be known, or what is wrong; where there is no room for all of it, the key that shows the whole.
    case remark(String, StyleRole, whole: KeyHint? = nil)

    /// What came up since the last key was pressed, else this. (What waits longer is to be seen once the panel is closed.)
    func orNotice(_ state: AppState) -> PanelFooter {
        guard state.screen.notices.total > state.screen.noticesBeforeKey, let notice = state.screen.notices.current
        else { return self }
        return .remark(notice.line, notice.kind.role)
    }

    func line(width: Int) -> StyledLine {
        parts(width: width).reduce(into: StyledLine()) { line, part in
            if !line.spans.isEmpty { line.append(Self.gap, .muted) }
            line.append(part.text, part.role)
        }
    }

    /// The key that is named at a column of the line.
    func key(at column: Int, width: Int) -> Key? {
        var start = 0
        for part in parts(width: width) {
            let end = start + DisplayWidth.of(part.text)
            if (start..<end).contains(column) { return part.key }
            start = end + Self.gap.count
        }
        return nil
    }

    /// As many as there is room for.
    private func parts(width: Int) -> [(text: String, role: StyleRole, key: Key?)] {
        switch self {
        case .remark(let text, let role, let whole):
            guard let whole, DisplayWidth.of(text) > width else {
                return [(Wrapping.truncate(text, width: width), role, nil)]
            }
            let hint = (whole.text, StyleRole.muted, whole.key)
            let room = width - whole.width - Self.gap.count
            return room < Self.leastText ? [hint] : [(Wrapping.truncate(text, width: room), role, nil), hint]
        case .keys(var hints, let isWhole):
            if !isWhole {
                let both = hints.prefix(1).reduce(KeyHint.more.width) { $0 + Self.gap.count + $1.width }
                hints.insert(.more, at: both <= width ? min(1, hints.count) : 0)
            }
            func total() -> Int { hints.reduce(-Self.gap.count) { $0 + $1.width + Self.gap.count } }
            while hints.count > 1, total() > width { hints.removeLast() }
            return hints.map { (Wrapping.truncate($0.text, width: width), .muted, $0.key) }
        }
    }

    private static let gap = "  "
    /// Columns of a text's beginning that are worth more than nothing.
    private static let leastText = 10
}
