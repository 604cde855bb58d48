import Chat
import Foundation
import JSON
import Replies
import Sessions
import Testing

/// What services need back, and what they cost, survives in the session's file.
@Suite struct ProviderStateTests {
    private var record: SessionRecord {
        var record = SessionRecord(id: "sample", created: Date(timeIntervalSince1970: 1_795_356_120))
        var stats = ReplyStats(promptTokens: 10, cachedTokens: 4, generatedTokens: 3, stop: .paused)
        stats.cacheWriteTokens = 5
        stats.cost = Cost(dollars: 0.00123, priceDate: "2026-11-28")
        var message = Message(
            id: record.conversation.nextID(), parent: nil, role: .assistant, created: record.created, content: "Hi",
            origin: Message.Origin(
                model: ModelReference(provider: "anthropic", name: "claude"), settings: GenerationSettings(), seed: nil,
                stats: stats))
        message.providerState = ProviderState(
            provider: "anthropic", json: #"[{"type":"thinking","signature":"c2ln\/=","thinking":"a\nb"}]"#)
        record.conversation.append(message)
        return record
    }

    @Test func survivesAFile() throws {
        let id = try #require(SessionID("sample"))
        let text = JSONWriter.pretty(record.json)
        let (read, warnings) = try #require(SessionRecord.read(try JSONReader.read(text), id: id))
        #expect(warnings.isEmpty)
        let (before, after) = (record.conversation.messages[0], read.conversation.messages[0])
        #expect(after.origin?.stats == before.origin?.stats)
        #expect(after.providerState?.provider == "anthropic")
        let values = try [before, after].map { try JSONReader.read($0.providerState?.json ?? "") }
        #expect(values[0] == values[1])
        #expect(JSONWriter.pretty(read.json) == text)
    }

    @Test func isLeftOutIfItCannotBeUsed() throws {
        let id = try #require(SessionID("sample"))
        let text = JSONWriter.pretty(record.json).replacing("\"data\":", with: "\"other\":")
        let (read, _) = try #require(SessionRecord.read(try JSONReader.read(text), id: id))
        #expect(read.conversation.messages[0].providerState == nil)
        #expect(read.conversation.messages[0].content == "Hi")
    }
}
