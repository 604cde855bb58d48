import Jinja
import Testing

/// Small templates, one feature each, held against Python's jinja2 (`scripts/golden/jinja_snippets.py`).
@Suite struct SnippetTests {
    @Test(arguments: GoldenData.snippets)
    func isAsInPython(_ snippet: GoldenData.Snippet) {
        let (outcome, error) = GoldenData.render(snippet.source, GoldenData.snippetContext)
        #expect(
            GoldenData.agrees(outcome, with: snippet.outcome),
            "\(outcome), expected \(snippet.outcome)\(error.map { " (\($0))" } ?? "")")
    }

    @Test func thereAreSnippets() {
        #expect(GoldenData.snippets.count > 500)
    }
}
