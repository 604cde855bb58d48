import TUI

/// The notice that waits to be seen, in as many lines as it takes; where there are not so many, part by part.
struct NoticeLines {
    let lines: [StyledLine]
    /// How many wait behind it, and what takes it away or goes on to its next part.
    let hint: String
    /// Whether a part is to come.
    let hasMore: Bool

    /// - Parameter limit: of lines; at least 1.
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
        // The lines stay as many, so that the next part is where this one was.
        let blank = Array(repeating: "", count: isCut ? limit - parts[part].count : 0)
        lines = (parts[part] + blank).enumerated().map { number, text in
            StyledLine((number == 0 ? "\(notice.kind.mark) " : "  ") + text, notice.kind.role)
        }
    }

    /// The text in parts of so many lines. The hint stands at the end of a part's first line.
    private static func parts(of text: String, width: Int, hint: String, limit: Int) -> [[String]] {
        var rest = text[...]
        var parts: [[String]] = []
        repeat {
            var lines: [String] = []
            repeat {
                let room = max(2, lines.isEmpty && !hint.isEmpty ? width - hint.count - 1 : width)
                // More than this cannot stand on a line.
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
    /// Goes on to the next part of the notice that is shown; after the last it is gone.
    mutating func readNotice() {
        let area = ScreenLayout(self).notice
        let isRead = area.flatMap { NoticeLines(self, width: $0.width, limit: $0.height) }?.hasMore != true
        if isRead { screen.notices.dismiss() } else { screen.notices.turn(now: now) }
    }
}

extension Notice {
    /// With a sign besides the colour.
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
