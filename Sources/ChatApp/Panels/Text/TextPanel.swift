import TUI

/// A text to read.
struct TextPanel: ReadingPanel {
    let title: String
    let text: String
    /// Where the last column of its rows begins: what does not fit goes on there in the next line.
    var column = ReportRows.column
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
            .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width, indent: indent(of: $0, width: width)) }
    }

    /// Columns below which a value is not worth a column of its own.
    private static let narrowest = 24

    /// The column for a line that has a value there; 0 for others.
    private func indent(of line: Substring, width: Int) -> Int {
        let start = Array(line.prefix(column + 1))
        guard start.count > column, !start[column].isWhitespace, start[column - 1].isWhitespace,
            start.contains(where: { !$0.isWhitespace })
        else { return 0 }
        return width - column >= Self.narrowest ? column : min(2, width / 4)
    }

    func plainLines(_ state: AppState) -> PlainPanel? { PlainPanel(title: title, text: text) }
}

extension PanelKind {
    /// Opened with a text of its own, by `AppState.showDocument`.
    static let document: PanelKind = .init(name: "document", context: .text)
}
