import TUI

/// The notice that waits to be seen, in as many lines as it takes and there is room for.
struct NoticeLines {
    let lines: [StyledLine]
    /// How many wait behind it, and what takes it away.
    let hint: String

    /// - Parameter limit: of lines; at least 1.
    init?(_ state: AppState, width: Int, limit: Int) {
        guard let notice = state.notices.current else { return nil }
        let behind = state.notices.behind
        hint = [behind > 0 ? "+\(behind)" : nil, notice.kind == .info ? nil : "Esc"].compactMap(\.self)
            .joined(separator: " ")
        let room = width - 2 - (hint.isEmpty ? 0 : hint.count + 1)
        let text = StyledLine(notice.line, notice.kind.role)
        let wrapped = Wrapping.wrap(text, width: room, indent: 2)
        guard wrapped.count > limit else {
            lines = wrapped
            return
        }
        let rest = wrapped[(limit - 1)...].map(\.text).joined(separator: " ")
        lines = wrapped.prefix(limit - 1) + [StyledLine(Wrapping.truncate(rest, width: room), notice.kind.role)]
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
