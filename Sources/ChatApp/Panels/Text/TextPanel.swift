import TUI

/// A text to read.
struct TextPanel: ReadingPanel {
    let title: String
    let text: String
    var window = ReadingWindow()

    var kind: PanelKind { .document }

    static let keys: [KeyRow] = [
        KeyRow(.text, [.up, "k"], .movePanel(.row(-1)), "line up"),
        KeyRow(.text, [.down, .enter, "j"], .movePanel(.row(1)), "line down"),
        KeyRow(.text, [.wheelUp], .movePanel(.scroll(-3)), "three lines up"),
        KeyRow(.text, [.wheelDown], .movePanel(.scroll(3)), "three lines down"),
        KeyRow(.text, [.pageUp, "b"], .movePanel(.page(-1)), "page up"),
        KeyRow(.text, [.pageDown, " "], .movePanel(.page(1)), "page down"),
        KeyRow(.text, [.home, "g"], .movePanel(.first), "beginning"),
        KeyRow(.text, [.end, "G"], .movePanel(.last), "end"),
        KeyRow.clickOutside(.text),
    ]

    /// The text as lines that fit the panel.
    func lines(_ state: AppState, width: Int) -> [StyledLine] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width) }
    }

    func plainLines(_ state: AppState) -> PlainPanel? { PlainPanel(title: title, text: text) }
}

extension PanelKind {
    /// Opened with a text of its own, by `AppState.showDocument`.
    static let document: PanelKind = .init(name: "document", context: .text)
}
