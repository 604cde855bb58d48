import Jinja
import Testing

/// Renders small templates, one feature each, and compares with Python's jinja2 (`scripts/golden/jinja_snippets.py`).
@Suite struct SnippetTests {
    @Test(arguments: GoldenData.snippets)
    func matchesPython(_ snippet: GoldenData.Snippet) {
        let (outcome, error) = GoldenData.render(snippet.source, GoldenData.snippetContext)
        #expect(
            GoldenData.agrees(outcome, with: snippet.outcome),
            "\(outcome), expected \(snippet.outcome)\(error.map { " (\($0))" } ?? "")")
    }

    @Test func snippetsAreLoaded() {
        #expect(GoldenData.snippets.count > 500)
    }
}
