import TUI

/// The line at the bottom of a panel.
enum PanelFooter {
    /// What keys do, the most important first; the last are left out if there is no room. (The status line shows how to
    /// close the panel, too.) If details are hidden, the key that shows them comes second, or first if there is room for
    /// one key only.
    case keys([KeyHint], isComplete: Bool = true)
    /// A remark or a problem, and the key that shows the rest if there is no room for all of it.
    case remark(String, StyleRole, more: KeyHint? = nil)

    /// A new notice if it fits on the line, or else this.
    func orNotice(_ state: AppState, width: Int) -> PanelFooter {
        guard let notice = state.newNotice, DisplayWidth.of(Sanitizer.visible(notice.line)) <= width else {
            return self
        }
        return .remark(notice.line, notice.kind.role)
    }

    func line(width: Int) -> StyledLine {
        parts(width: width).reduce(into: StyledLine()) { line, part in
            if !line.spans.isEmpty { line.append(Self.gap, .muted) }
            line.append(part.text, part.role)
        }
    }

    /// The key shown at a column of the line.
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
        case .remark(let text, let role, let more):
            guard let more, DisplayWidth.of(text) > width else {
                return [(Wrapping.truncate(text, width: width), role, nil)]
            }
            let hint = (more.text, StyleRole.muted, more.key)
            let room = width - more.width - Self.gap.count
            return room < Self.shortestText ? [hint] : [(Wrapping.truncate(text, width: room), role, nil), hint]
        case .keys(var hints, let isComplete):
            if !isComplete {
                let both = hints.prefix(1).reduce(KeyHint.more.width) { $0 + Self.gap.count + $1.width }
                hints.insert(.more, at: both <= width ? min(1, hints.count) : 0)
            }
            func total() -> Int { hints.reduce(-Self.gap.count) { $0 + $1.width + Self.gap.count } }
            while hints.count > 1, total() > width { hints.removeLast() }
            return hints.map { (Wrapping.truncate($0.text, width: width), .muted, $0.key) }
        }
    }

    private static let gap = "  "
    /// Columns below which the beginning of a text is not worth showing.
    private static let shortestText = 10
}

/// A new notice that is too long for the line at the bottom of a panel: in lines over the panel's last rows.
struct PanelNotice {
    let lines: [StyledLine]

    /// nil if there is none, or it fits at the bottom.
    ///
    /// - Parameters:
    ///   - width: of the line at the bottom.
    ///   - area: the rows of the panel.
    init?(_ state: AppState, width: Int, area: Rect) {
        guard let notice = state.newNotice else { return nil }
        let text = StyledLine(Sanitizer.visible(notice.line), notice.kind.role)
        guard text.width > width, area.height > 0 else { return nil }
        let all = Wrapping.wrap(text, width: area.width, indent: 2)
        var lines = Array(all.prefix(area.height))
        if lines.count < all.count, let last = lines.popLast() {
            lines.append(StyledLine(Wrapping.truncate(last.text + " …", width: area.width), notice.kind.role))
        }
        self.lines = lines
    }
}

extension AppState {
    /// The latest notice, if it came after the last key press. (Older ones are shown when the panel is closed.)
    fileprivate var newNotice: Notice? {
        screen.notices.total > screen.noticesBeforeKey ? screen.notices.current : nil
    }
}
