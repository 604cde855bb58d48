import Chat
import Foundation
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

    private static let presets = [
        Preset(name: "plain", summary: "", system: nil, settings: GenerationSettings()),
        Preset(name: "code", summary: "", system: "You write code.", settings: GenerationSettings()),
    ]

    /// The session's prompt, the user's own before, the preset, and the prompt that results.
    @Test(
        arguments: [
            (nil, nil, 0, nil), (nil, nil, 1, "You write code."), ("Mine.", nil, 0, "Mine."),
            ("Mine.", nil, 1, "You write code."), ("You write code.", nil, 0, nil),
            ("You write code.", "Mine.", 0, "Mine."), ("You write code.", "Mine.", 1, "You write code."),
        ] as [(String?, String?, Int, String?)])
    func aPromptGoesWithItsPreset(before: String?, own: String?, preset: Int, after: String?) {
        var record = SessionRecord(id: "s", created: .distantPast, system: before)
        record.apply(Self.presets[preset], among: Self.presets, own: own)
        #expect(record.system == after && record.preset == Self.presets[preset].name)
    }
}
