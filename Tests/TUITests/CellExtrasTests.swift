import TUI
import Testing

/// Hyperlinks, strike-through and cells of unreliable width.
@Suite struct CellExtrasTests {
    private let extras = CellExtras(depth: .trueColor, hasLinks: true, hasStrikethrough: true)
    private let size = Size(width: 20, height: 3)

    private func bytes(_ new: Surface, over old: Surface? = nil) -> String {
        extras.bytes(for: new, over: old, rows: new.rows(changedSince: old), isDrawn: \.hasReliableWidth)
    }

    private func surface(_ text: String, x: Int = 2, link: String? = nil, style: Style = .plain) -> Surface {
        var surface = Surface(size)
        surface.write(text, at: Point(x: x, y: 1), style: style, link: link.flatMap(Hyperlink.init))
        return surface
    }

    @Test func linksAreWrittenAndTheCursorRestored() {
        let blue = Style(foreground: .rgb(1, 2, 3), attributes: .underline)
        #expect(
            bytes(surface("here", link: "https://x.org", style: blue))
                == "\u{1B}7\u{1B}[2;3H\u{1B}[0;4;38;2;1;2;3m\u{1B}]8;;https://x.org\u{1B}\\here\u{1B}]8;;\u{1B}\\\u{1B}8"
        )
    }

    @Test func unchangedCellsAreNotWritten() {
        let link = surface("here", link: "https://x.org")
        #expect(bytes(link, over: link).isEmpty)
        #expect(bytes(surface("here"), over: surface("there")).isEmpty)
    }

    @Test func changedAddressesAreWritten() {
        let new = bytes(surface("here", link: "https://y.org"), over: surface("here", link: "https://x.org"))
        #expect(new.contains("https://y.org") && new.contains("here"))
        // A removed link is written as plain text.
        let gone = bytes(surface("here"), over: surface("here", link: "https://x.org"))
        #expect(gone == "\u{1B}7\u{1B}[2;3H\u{1B}[0mhere\u{1B}8")
    }

    @Test func strikethroughNeedsNoLink() {
        let struck = Style(attributes: [.bold, .strikethrough])
        #expect(bytes(surface("no", style: struck)) == "\u{1B}7\u{1B}[2;3H\u{1B}[0;1;9mno\u{1B}8")
        let none = CellExtras(depth: .none, hasLinks: false, hasStrikethrough: false)
        #expect(
            none.bytes(
                for: surface("no", link: "https://x.org", style: struck), over: nil, rows: [0, 1, 2],
                isDrawn: \.hasReliableWidth
            ).isEmpty)
    }

    /// The family may take two to ten columns. The position of the next letter does not depend on that, and any part of
    /// the family in its way is overwritten.
    @Test func cellsOfUnreliableWidthArePositioned() {
        let text = bytes(surface("a👨‍👩‍👧bc", x: 0))
        #expect(
            text == "\u{1B}7\u{1B}[?7l\u{1B}[2;2H\u{1B}[0m  \u{1B}[2;2H👨‍👩‍👧\u{1B}[2;4Hbc"
                + String(repeating: " ", count: 6)
                + "\u{1B}[?7h\u{1B}8")
        #expect(bytes(surface("a日bc")).isEmpty)
        // Nothing of it remains, not even under a blank as which ncurses treated it.
        #expect(
            bytes(surface("a\u{A0}\u{A0}bc", x: 0), over: surface("a👨‍👩‍👧bc", x: 0)).contains("\u{1B}[2;2H\u{1B}[0m\u{A0}"))
    }

    @Test(arguments: [
        (["TERM_PROGRAM": "iTerm.app"], true), (["VTE_VERSION": "7600"], true), (["VTE_VERSION": "4900"], false),
        (["TERM": "xterm-kitty"], true), (["TERM": "xterm-256color"], false), ([:], false),
        (["TERM": "tmux-256color", "TMUX": "/tmp/x", "VTE_VERSION": "7600"], false), (["FORCE_HYPERLINK": "1"], true),
        (["FORCE_HYPERLINK": "0", "TERM": "foot"], false), (["WT_SESSION": "a"], true),
    ])
    func linkSupportIsDetected(environment: [String: String], expected: Bool) {
        #expect(CellExtras.followsLinks(environment: environment) == expected)
    }
}
