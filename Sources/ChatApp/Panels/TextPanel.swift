import TUI

/// A text to read.
struct TextPanel: Sendable {
    var title: String
    var text: String
    var window = ReadingWindow()

    /// The text as lines that fit the panel.
    func lines(_ state: AppState) -> [StyledLine] {
        let width = PanelLayout(state.screen.size).rows.width
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width) }
    }
}

extension AppState {
    /// Moves through the open text.
    mutating func read(_ step: ScrollStep) {
        guard case .text(var text) = screen.panel else { return }
        text.window.move(step, count: text.lines(self).count, height: PanelLayout(screen.size).rows.height)
        screen.panel = .text(text)
    }
}
