import TUI

/// The notice that waits to be seen, and how many wait behind it. Stands above panels too.
enum NoticeView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        guard let notice = state.notices.current, let area = layout.notice else { return }
        surface.fill(area, style: state.theme.style(.text))
        let more = state.notices.behind
        let hint = [more > 0 ? "+\(more)" : nil, notice.kind == .info ? nil : "Esc"].compactMap { $0 }
            .joined(separator: " ")
        let width = area.width - 2 - (hint.isEmpty ? 0 : hint.count + 1)
        surface.write(
            Wrapping.truncate("\(notice.kind.mark) \(notice.text)", width: width), at: Point(x: 1, y: area.y),
            style: state.theme.style(notice.kind.role))
        surface.write(
            hint, at: Point(x: area.width - 1 - hint.count, y: area.y), style: state.theme.style(.muted))
    }
}

extension Notice.Kind {
    /// A sign besides the colour.
    fileprivate var mark: String {
        switch self {
        case .info: "·"
        case .warning: "!"
        case .error: "✗"
        }
    }

    fileprivate var role: StyleRole {
        switch self {
        case .info: .accent
        case .warning: .warning
        case .error: .error
        }
    }
}
