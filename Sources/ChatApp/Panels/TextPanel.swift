import TUI

/// A text to read.
struct TextPanel: Sendable {
    var title: String
    var text: String
    /// The first line in sight.
    var top = 0

    mutating func press(_ key: Key, height: Int, count: Int) {
        switch key {
        case .up, .wheelUp, "k": top -= 1
        case .down, .wheelDown, "j", .enter: top += 1
        case .pageUp, "b": top -= max(1, height - 1)
        case .pageDown, " ": top += max(1, height - 1)
        case .home, "g": top = 0
        case .end, "G": top = count
        default: break
        }
        top = max(0, min(top, count - height))
    }

    /// The text as lines that fit the panel.
    func lines(_ state: AppState) -> [StyledLine] {
        let width = PanelLayout(state.size).rows.width
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width) }
    }
}
