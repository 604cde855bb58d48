import TUI

/// A text to read.
struct TextPanel: Sendable {
    var title: String
    var text: String
    /// The first line in sight.
    var top = 0

    /// The text as lines that fit the panel.
    func lines(_ state: AppState) -> [StyledLine] {
        let width = PanelLayout(state.size).rows.width
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width) }
    }
}

extension AppState {
    /// Moves through the open text.
    mutating func read(_ step: ScrollStep) {
        guard case .text(var text) = panel else { return }
        let height = PanelLayout(size).rows.height, count = text.lines(self).count
        switch step {
        case .lines(let lines): text.top += max(-height, min(lines, height))
        case .page(let pages): text.top += pages * max(1, height - 1)
        case .top: text.top = 0
        case .bottom: text.top = count
        }
        text.top = max(0, min(text.top, count - height))
        panel = .text(text)
    }
}
