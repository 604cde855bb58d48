import Markdown
import Testing

/// Symbols of names, paths and calculations are shown.
@Suite struct LiteralMarkTests {
    private func inlines(_ text: String) -> [Inline] {
        var stream = MarkdownStream()
        guard case .paragraph(let inlines)? = stream.extend(to: text, isComplete: true).finished.first?.content else {
            return []
        }
        return inlines
    }

    @Test(arguments: [
        "5*4*3*2*1", "2*x*y", "2**3**4", "__init__.py", "call __init__.py and __main__.py now", "src/*/a/*.ts",
        "src/**/*.ts",
        "lib/*a/x*.ts", "a/*b*/c", "D:\\proj\\_scratch", "C:\\Users\\me\\.config\\*a", "see \"D:\\_a\\_b\" and C:\\-x",
        ".\\_build\\!new", "\\\\server\\share\\_x", "C:\\\\Users\\\\_me", "foo._bar_.baz", "PROGRA~1~x~2", "a~~b~~c",
        "one<br>two", "snake_case_name and _x_y", "x\\y_z\\_w",
    ])
    func isShownAsWritten(text: String) {
        let shown = inlines(text).map { inline -> String in
            switch inline {
            case .text(let text), .html(let text): text
            default: "\(inline)"
            }
        }
        #expect(shown.joined() == text)
        // Also while it grows: no symbol that was shown disappears, except at the very end.
        var stream = MarkdownStream()
        for end in text.indices { _ = stream.extend(to: String(text[..<end]), isComplete: false) }
        #expect(stream.extend(to: text, isComplete: true).finished.count == 1)
    }

    @Test(
        arguments: [
            ("**bold**.", [.strong([.text("bold")]), .text(".")]),
            (
                "It is *so*. Or *not*!",
                [
                    .text("It is "), .emphasis([.text("so")]), .text(". Or "), .emphasis([.text("not")]), .text("!"),
                ]
            ),
            ("**A**/**B**", [.strong([.text("A")]), .text("/"), .strong([.text("B")])]),
            ("__init__", [.strong([.text("init")])]),
            ("*a_b*", [.emphasis([.text("a_b")])]),
            ("**a/b.c**", [.strong([.text("a/b.c")])]),
            ("snake\\_case and \\*x\\*", [.text("snake_case and *x*")]),
            ("彼は**強調**です", [.text("彼は"), .strong([.text("強調")]), .text("です")]),
            ("彼は**「はい」**と", [.text("彼は"), .strong([.text("「はい」")]), .text("と")]),
        ] as [(String, [Inline])])
    func emphasisAndEscapesStay(text: String, expected: [Inline]) {
        #expect(inlines(text) == expected)
    }

    @Test func placeholdersCannotBeForged() {
        let marks = String(String.UnicodeScalarView([0xFDD4, 0xFDD5, 0xFDD6].compactMap(Unicode.Scalar.init)))
        #expect(inlines("5*4 \(marks)") == [.text("5*4 \u{FFFD}\u{FFFD}\u{FFFD}")])
    }
}
