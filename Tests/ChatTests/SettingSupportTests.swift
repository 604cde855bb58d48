import Chat
import Testing

@Suite struct SettingSupportTests {
    private let support = SettingSupport(ranges: ["temperature": 0...1, "max_tokens": 1...100], others: ["top_k"])

    @Test func knowsWhatIsAvailable() throws {
        let available = SettingTable.rows.filter(support.isAvailable).map(\.command)
        #expect(Set(available) == ["temperature", "max_tokens", "top_k"])
        #expect(SettingTable.rows.allSatisfy(SettingSupport.everything.isAvailable))
    }

    @Test func narrowsRanges() throws {
        let row = support.narrowed(try SettingTable.row(named: "temperature"))
        #expect(row.expectation == "a number from 0 to 1")
        var settings = GenerationSettings()
        #expect(throws: SettingError.self) { try row.set(.number(1.5), in: &settings) }
        try row.set(.number(0.5), in: &settings)
        #expect(settings.sampling.temperature == 0.5)
    }

    @Test func clampsWhatIsSent() {
        var settings = GenerationSettings()
        settings.sampling.temperature = 3
        settings.sampling.minP = 0.5
        settings.maxTokens = 5000
        let sent = support.clamped(settings)
        #expect(sent.sampling.temperature == 1 && sent.maxTokens == 100)
        #expect(sent.sampling.minP == 0.5, "settings that are not sent stay as they are")
    }
}
