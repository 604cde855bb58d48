import Chat
import Foundation
import JSON
import Testing

@testable import Sessions

/// Numbers at the ends of their types: they are read, and sums of them do not overflow.
@Suite struct ExtremeNumberTests {
    static let numbers = [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308", "-1e308", "1e400", "0.5", "-1",
        "123456789012345678901234567890",
    ]

    @Test(arguments: numbers) func statisticsAreLimited(_ number: String) throws {
        let counts = [
            "promptTokens", "cachedTokens", "generatedTokens", "draftedTokens", "acceptedTokens", "reasoningTokens",
            "cacheWriteTokens", "firstTokenSeconds", "tokensPerSecond", "reasoningSeconds",
        ]
        let fields = counts.map { "\"\($0)\": \(number)" }.joined(separator: ", ")
        let messages = (1...20).map { index in
            """
            {"id": "m\(index)", "parent": null, "role": "assistant", "created": "2026-01-31T12:00:00Z", "content": "x",
             "model": {"provider": "local", "name": "n"}, "settings": {}, "seed": \(number),
             "stats": {\(fields), "stop": "endOfTurn", "cost": {"dollars": \(number), "priceDate": ""}}}
            """
        }
        let text = "{\"format\": \"sotto.session\", \"messages\": [\(messages.joined(separator: ","))]}"
        let id = try #require(SessionID("x"))
        let json = try JSONReader.read(Array(text.utf8))
        let record = try #require(SessionRecord.read(json, id: id)).record
        let stats = record.conversation.messages.compactMap { $0.origin?.stats }
        #expect(stats.count == 20)
        for stats in stats {
            let counts = [
                stats.promptTokens, stats.cachedTokens, stats.generatedTokens, stats.draftedTokens,
                stats.acceptedTokens, stats.reasoningTokens, stats.cacheWriteTokens,
            ]
            let amounts = [
                stats.firstTokenSeconds, stats.tokensPerSecond, stats.reasoningSeconds, stats.cost?.dollars ?? 0,
            ]
            #expect(counts.allSatisfy { (0...1 << 40).contains($0) })
            #expect(amounts.allSatisfy { (0...Double(1 << 40)).contains($0) })
        }
        #expect(stats.reduce(0) { $0 + $1.generatedTokens } >= 0)
    }

    @Test(arguments: numbers) func draftsAreLimited(_ number: String) throws {
        let text = """
            {"format": "sotto.draft", "text": "Hi", "line": \(number), "column": \(number),
             "attachments": [{"name": "a", "content": "b", "tokens": \(number)}]}
            """
        let draft = try #require(Draft(try JSONReader.read(Array(text.utf8))))
        #expect((0...1 << 40).contains(draft.page.line) && (0...1 << 40).contains(draft.page.column))
        #expect((0...1 << 40).contains(draft.page.attachments[0].tokens ?? 0))
    }

    @Test(arguments: numbers) func settingsAreLimited(_ number: String) throws {
        let fields = SettingTable.rows.map { "\"\($0.name)\": \(number)" }.joined(separator: ", ")
        let text = "{\"format\": \"sotto.session\", \"messages\": [], \"settings\": {\(fields)}}"
        let id = try #require(SessionID("x"))
        let settings = try #require(SessionRecord.read(try JSONReader.read(Array(text.utf8)), id: id)).record.settings
        for row in SettingTable.rows {
            var copy = GenerationSettings()
            #expect(throws: Never.self, "\(row.name)") { try row.set(row.value(in: settings), in: &copy) }
        }
    }
}
