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
        var texts = Wrapping.wrap(notice.text, width: room - 2)
        if texts.count > limit {
            let rest = texts[(limit - 1)...].joined(separator: " ")
            texts = texts.prefix(limit - 1) + [Wrapping.truncate(rest, width: room - 2)]
        }
        lines = texts.enumerated().map { StyledLine(($0 == 0 ? "\(notice.kind.mark) " : "  ") + $1, notice.kind.role) }
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
