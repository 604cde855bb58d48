import Chat
import ChatApp
import TUI
import Testing

/// Replies as they appear on the screen.
@Suite struct MarkdownScreenTests {
    private static let reply = #"""
        # Sorting, *briefly*

        Two ways, **stable** or ~~not~~; see [the book](https://example.org/sort) and `sort()`:

        1. Insertion: for $n \le 16$
        2. Merge
           - splits the list in halves that are sorted by themselves
           - merges them
        - [x] tested
        - [ ] measured

        > A quote that
        > goes on

        | Way | Cost | Words |
        |:----|:----:|------:|
        | Insertion | $O(n^2)$ | quick for few |
        | Merge | $O(n \log n)$ | needs memory of the size of its input |

        ---

        ```swift
        // Costs $5, not $x$.
        let sorted = list.sorted { $0 < $1 }
        ```

        It costs $5 and $10. Then

        $$\sum_{i=1}^{n} i = \frac{n(n+1)}{2}$$
        """#

    @Test(arguments: [(80, 48), (40, 64), (20, 96)]) func everyKindOfBlock(width: Int, height: Int) throws {
        var scene = Scene(width, height)
        scene.talk("How do I sort?", Self.reply)
        try expectScreen(view(scene.state), "markdown-\(width)x\(height)")
    }

    @Test func aKeyAndACommandShowTheSource() throws {
        var scene = Scene(80, 48)
        scene.talk("How do I sort?", Self.reply)
        let rendered = scene.rows
        scene.press(.alt("r"))
        try expectScreen(view(scene.state), "source-80x48")
        scene.enter("/raw")
        #expect(scene.rows == rendered)
    }

    @Test func theSourceIsShownFromTheSamePosition() {
        var scene = Scene(60, 20)
        for number in 0..<20 { scene.talk("question \(number)", Self.reply) }
        scene.press(.pageUp, .pageUp, .pageUp)
        let question = scene.rows.first { $0.contains("question") }
        scene.press(.alt("r"))
        scene.press(.alt("r"))
        #expect(scene.rows.first { $0.contains("question") } == question)
    }

    @Test func rolesAreOnTheScreen() {
        var scene = Scene(80, 48)
        scene.talk("How do I sort?", Self.reply)
        let cells = view(scene.state).cells
        let struck = cells.filter { $0.style.attributes.contains(.strikethrough) }
        #expect(struck.map(\.text).joined() == "not")
        let comment = cells.filter { $0.style == scene.state.screen.theme.style(.syntaxComment) && $0.text != " " }
        #expect(comment.map(\.text).joined().contains("//Costs$5,not$x$."))
    }

    @Test func linksAreLinksIfTheTerminalSupportsThem() {
        let session = SessionRecord(id: "s", created: Scene().now, model: Scene.smol, preset: nil)
        var scene = Scene(80, 24)
        scene.state = AppState(
            session: session, size: Size(width: 80, height: 24), terminalFollowsLinks: true, now: scene.now)
        scene.talk("where?", "See [the book](https://example.org/a).")
        #expect(scene.shows("See the book."))
        let linked = view(scene.state).cells.filter { $0.link != nil }
        #expect(linked.map(\.text).joined() == "the book")
        #expect(linked.first?.link?.address == "https://example.org/a")
    }

    /// A complete block looks the same in every later frame.
    @Test func completeBlocksDoNotFlicker() {
        var scene = Scene(60, 60)
        scene.enter("How do I sort?")
        var before: [String] = []
        for word in Self.reply.split(separator: " ", omittingEmptySubsequences: false) {
            scene.stream(" " + word)
            // Without the caret, and without the table, whose columns grow with it.
            let rows = scene.rows[2..<13].map { $0.replacing("▍", with: "") }
            for (old, new) in zip(before, rows).dropLast(3) where !old.isEmpty {
                #expect(new.hasPrefix(old.prefix(20)) || old.hasPrefix(new), "\(old) → \(new)")
            }
            before = rows
        }
    }
}
