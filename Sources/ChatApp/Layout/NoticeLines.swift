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
        guard let notice = state.notices.current else { return nil }
        let behind = state.notices.behind
        func wrapped(_ key: String?) -> (hint: String, texts: [String]) {
            let hint = [behind > 0 ? "+\(behind)" : nil, key].compactMap(\.self).joined(separator: " ")
            let room = width - 2 - (hint.isEmpty ? 0 : hint.count + 1)
            return (hint, Wrapping.wrap(notice.text, width: room - 2))
        }
        let whole = wrapped(notice.kind == .info ? nil : "Esc")
        let isCut = whole.texts.count > limit
        let (hint, all) = isCut ? wrapped("Esc↓") : whole
        let parts = (all.count + limit - 1) / limit
        let part = min(state.notices.part, parts - 1)
        hasMore = part < parts - 1
        self.hint = isCut && !hasMore ? String(hint.dropLast()) : hint
        var texts = Array(all.dropFirst(part * limit).prefix(limit))
        // The lines stay as many, so that the next part is where this one was.
        if isCut { texts += Array(repeating: "", count: limit - texts.count) }
        lines = texts.enumerated().map { StyledLine(($0 == 0 ? "\(notice.kind.mark) " : "  ") + $1, notice.kind.role) }
    }
}

extension AppState {
    /// Goes on to the next part of the notice that is shown; after the last it is gone.
    mutating func readNotice() {
        let area = ScreenLayout(self).notice
        let isRead = area.flatMap { NoticeLines(self, width: $0.width, limit: $0.height) }?.hasMore != true
        if isRead { notices.dismiss() } else { notices.turn(now: now) }
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
