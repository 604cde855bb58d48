import TUI

/// The current notice in as many lines as it needs; if there are not enough, one part at a time.
struct NoticeLines {
    let lines: [StyledLine]
    /// How many notices wait behind it, and the key that dismisses it or shows its next part.
    let hint: String
    /// Whether another part follows.
    let hasMore: Bool

    /// - Parameter limit: the number of lines available, at least 1.
    init?(_ state: AppState, width: Int, limit: Int) {
        guard let notice = state.screen.notices.current else { return nil }
        let text = Sanitizer.visible(notice.text.split(whereSeparator: \.isNewline).joined(separator: " "))
        let room = width - 2
        let behind = state.screen.notices.behind
        let whole = [behind > 0 ? "+\(behind)" : nil, notice.kind == .info ? nil : "Esc"].compactMap(\.self)
            .joined(separator: " ")
        var parts = Self.parts(of: text, width: room - 2, hint: whole, limit: limit)
        let isCut = parts.count > 1
        if isCut { parts = Self.parts(of: text, width: room - 2, hint: "Esc↓", limit: limit) }
        let part = min(state.screen.notices.part, parts.count - 1)
        hasMore = part < parts.count - 1
        hint = isCut ? hasMore ? "Esc↓" : "Esc" : whole
        // All parts have the same number of lines, so that each is where the one before was.
        let blank = Array(repeating: "", count: isCut ? limit - parts[part].count : 0)
        lines = (parts[part] + blank).enumerated().map { number, text in
            StyledLine((number == 0 ? "\(notice.kind.mark) " : "  ") + text, notice.kind.role)
        }
    }

    /// The text in parts of at most `limit` lines. The hint is at the end of each part's first line.
    private static func parts(of text: String, width: Int, hint: String, limit: Int) -> [[String]] {
        var rest = text[...]
        var parts: [[String]] = []
        repeat {
            var lines: [String] = []
            repeat {
                let room = max(2, lines.isEmpty && !hint.isEmpty ? width - hint.count - 1 : width)
                // A line has room for no more than this.
                let line = Wrapping.wrap(String(rest.prefix(2 * room)), width: room).first ?? ""
                lines.append(line)
                rest = rest.dropFirst(max(1, line.count)).drop { $0 == " " }
            } while lines.count < limit && !rest.isEmpty
            parts.append(lines)
        } while parts.count < mostParts && !rest.isEmpty
        return parts
    }

    private static let mostParts = 100
}

extension AppState {
    /// Shows the next part of the current notice; after the last part, dismisses it.
    mutating func readNotice() {
        let area = ScreenLayout(self).notice
        let isRead = area.flatMap { NoticeLines(self, width: $0.width, limit: $0.height) }?.hasMore != true
        if isRead { screen.notices.dismiss() } else { screen.notices.turn(now: instant) }
    }
}

extension Notice {
    /// With a mark, so that the kind is visible without colours.
    var line: String { "\(kind.mark) \(text)" }
}

extension Notice.Kind {
    fileprivate var mark: String {
        switch self {
        case .info: "·"
        case .warning: "!"
        case .error: "✗"
        }
    }

    var role: StyleRole {
        switch self {
        case .info: .accent
        case .warning: .warning
        case .error: .error
        }
    }
}
