import Chat
import Testing

@Suite struct SpellingTests {
    @Test(
        arguments: [
            ("shwo", ["list", "show", "export"], "show"), ("modle", ["new", "model", "mouse"], "model"),
            ("markdwn", ["markdown", "json"], "markdown"), ("Q4_KM", ["Q4_K_M", "Q4_K_S", "Q4_1"], "Q4_K_M"),
            ("lsit", ["list", "show"], "list"), ("xyz", ["list", "show"], nil), ("", ["list"], nil),
            ("balacned", ["balanced", "precise"], "balanced"),
        ] as [(String, [String], String?)])
    func mistypedNamesAreRecognised(word: String, known: [String], meant: String?) {
        #expect(Spelling.nearest(to: word, among: known) == meant)
    }
}
