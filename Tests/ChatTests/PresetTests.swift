import Chat
import Testing

@Suite struct PresetTests {
    /// One rule for `/preset save`, imports and files.
    @Test(arguments: [
        "mine", "My preset 2", "v1.5", "a-b_c", "Prägung", "日本語", String(repeating: "x", count: 64),
    ])
    func validNames(name: String) { #expect(Preset.isValidName(name)) }

    @Test(arguments: [
        "", " a", ".hidden", "a/b", "../x", "a\\b", "a\nb", "a\u{1b}b", "a:b", String(repeating: "x", count: 65),
        String(repeating: "日", count: 64) + "x", String(repeating: "👨‍👩‍👧", count: 20),
    ])
    func invalidNames(name: String) { #expect(!Preset.isValidName(name)) }
}
