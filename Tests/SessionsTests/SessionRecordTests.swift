import Chat
import Foundation
import JSON
import Sampling
import Sessions
import Testing

@Suite struct SessionRecordTests {
    private func read(_ text: String) -> (record: SessionRecord, warnings: [SessionWarning])? {
        guard let id = SessionID("sample") else { return nil }
        return SessionRecord.read(JSONReader.recover(Array(text.utf8)).value, id: id)
    }

    @Test func recordSurvivesWritingAndReading() throws {
        let record = sample()
        let (back, warnings) = try #require(read(JSONWriter.pretty(record.json)))
        #expect(warnings.isEmpty)
        #expect(back.title == record.title && back.created == record.created && back.updated == record.updated)
        #expect(back.model == record.model && back.system == record.system && back.settings == record.settings)
        #expect(back.conversation == record.conversation)
        #expect(JSONWriter.pretty(back.json) == JSONWriter.pretty(record.json))
    }

    @Test func randomConversationsSurviveWritingAndReading() throws {
        var random = RandomSource(seed: 4)
        for _ in 0..<40 {
            var record = sample()
            for number in 5..<30 {
                let parent = record.conversation.messages.randomElement(using: &random)?.id.rawValue
                let scalars = (0..<random.next() % 40).compactMap { _ in
                    Unicode.Scalar(UInt32(random.next() % 0x11000))
                }
                record.conversation.append(
                    message(
                        "m\(number)", random.next() % 8 == 0 ? nil : parent,
                        Message.Role.allCases.randomElement(using: &random) ?? .user,
                        String(String.UnicodeScalarView(scalars))))
            }
            record.conversation.moveHead(to: record.conversation.messages.randomElement(using: &random)?.id)
            for row in SettingTable.rows { row.nudge(&record.settings, by: Int(random.next() % 9) - 4) }
            let (back, warnings) = try #require(read(JSONWriter.pretty(record.json)))
            #expect(warnings.isEmpty)
            #expect(back.conversation == record.conversation && back.settings == record.settings)
        }
    }

    @Test func everyPrefixOfAFileIsReadable() {
        let whole = Array(JSONWriter.pretty(sample().json).utf8)
        var found = 0
        for cut in 0..<whole.count - 1 {
            let (value, mistake) = JSONReader.recover(Array(whole[..<cut]))
            #expect(mistake != nil)
            guard let id = SessionID("cut"), let (record, _) = SessionRecord.read(value, id: id) else { continue }
            // A longer prefix never has fewer messages.
            #expect(record.conversation.messages.count >= found)
            found = record.conversation.messages.count
        }
        #expect(found == 4)
    }

    @Test func fieldsAreThoseOfTheFormat() throws {
        let json = try #require(sample().json.object)
        #expect(
            Set(json.map(\.name)) == [
                "format", "version", "id", "title", "created", "updated", "model", "settings", "system", "head",
                "messages",
            ])
        #expect(json["created"] == .string("2026-11-22T14:02:11Z"))
        #expect(json["head"] == .string("m4"))
        #expect(json["settings"]?.object?["temperature"] == .number("0.7"))
        #expect(json["settings"]?.object?["seed"] == .number("18446744073709551615"))
        let reply = try #require(json["messages"]?.array?[1].object)
        #expect(
            Set(reply.map(\.name)) == [
                "id", "parent", "role", "created", "content", "reasoning", "model", "settings", "seed", "stats",
            ])
        #expect(reply["stats"]?.object?["stop"] == .string("endOfTurn"))
    }

    @Test func unknownFieldsAreKeptAtEveryLevel() throws {
        var original = sample()
        // The keys of the biases are token ids, so there can be no unknown ones.
        original.settings.sampling.logitBias = [:]
        original.conversation.update(Message.ID(rawValue: "m2")) { $0.origin?.settings = original.settings }
        var json = JSONWriter.pretty(original.json)
        let unknown = #""zz": {"deep": [1.0, 1e400, "x"]}, "#
        json = json.replacing("{\n", with: "{\n\(unknown)")
        let (record, warnings) = try #require(read(json))
        #expect(warnings.isEmpty)
        var changed = record
        changed.title = "Another"
        changed.settings.sampling.temperature = 0.1
        changed.settings.sampling.logitBias = [9: 2]
        changed.conversation.update(Message.ID(rawValue: "m2")) { $0.content += " More." }
        changed.conversation.append(message("m5", "m4", .assistant, "Tea."))
        let text = JSONWriter.pretty(changed.json)
        // Top, model, settings; four messages; the reply's model, settings and stats.
        #expect(text.matches(of: /1e400/).count == 10)
        #expect(text.matches(of: /1\.0,/).count == 10)
        let back = try #require(read(text))
        #expect(back.record.settings.sampling.logitBias == [9: 2])
        #expect(back.record.conversation[Message.ID(rawValue: "m2")]?.content == "Start early. More.")
    }

    @Test func invalidTreesAreRepaired() throws {
        func session(_ messages: String, head: String = "\"a\"") -> String {
            #"{"format":"sotto.session","version":1,"title":"t","created":"2026-01-01T00:00:00Z","#
                + #""updated":"2026-01-01T00:00:00Z","head":\#(head),"messages":[\#(messages)]}"#
        }
        func item(_ id: String, _ parent: String) -> String {
            #"{"id":"\#(id)","parent":\#(parent),"role":"user","created":"2026-01-01T00:00:00Z","content":"\#(id)"}"#
        }
        let inCycle = [item("a", #""b""#), item("b", #""c""#), item("c", #""a""#)]
        let cycle = try #require(read(session(inCycle.joined(separator: ","))))
        #expect(cycle.record.conversation.messages.count == 3)
        #expect(cycle.warnings.count == 1)
        #expect(Set(cycle.record.conversation.path.map(\.content)) == ["a", "b", "c"])

        let itself = try #require(read(session(item("a", #""a""#))))
        #expect(itself.record.conversation.path.count == 1 && itself.warnings.count == 1)

        let orphan = try #require(read(session(item("a", #""nobody""#))))
        #expect(orphan.record.conversation.path.count == 1 && orphan.warnings.count == 1)

        let duplicates = [item("a", "null"), item("a", "null"), item("m2", "null")]
        let twins = try #require(read(session(duplicates.joined(separator: ","))))
        #expect(twins.record.conversation.messages.count == 3)
        #expect(Set(twins.record.conversation.messages.map(\.id)).count == 3)

        let lost = try #require(read(session(item("a", "null"), head: #""nobody""#)))
        #expect(lost.record.conversation.head?.rawValue == "a" && lost.warnings.count == 1)

        let empty = try #require(read(session(item("a", "null"), head: "null")))
        #expect(empty.record.conversation.head == nil && empty.warnings.isEmpty)

        // Children may come before their parents.
        let reversed = [item("b", #""a""#), item("a", "null")]
        let backwards = try #require(read(session(reversed.joined(separator: ","), head: #""b""#)))
        #expect(backwards.record.conversation.path.map(\.content) == ["a", "b"] && backwards.warnings.isEmpty)

        let deep = (0..<5000).map { item("x\($0)", $0 == 0 ? "null" : "\"x\($0 - 1)\"") }
            .reversed().joined(separator: ",")
        #expect(try #require(read(session(deep, head: #""x4999""#))).record.conversation.path.count == 5000)
    }

    @Test func wrongTypesAreWarnings() throws {
        let text = """
            {"format":"sotto.session","version":"one","title":7,"created":"yesterday","updated":null,"system":[],
             "model":"x","settings":{"temperature":99,"topK":"many","stop":[1],"logitBias":{"a":1},"seed":-1},
             "head":3,"messages":[1,{},{"id":5,"role":"king","content":"kept"},null]}
            """
        let (record, warnings) = try #require(read(text))
        #expect(record.conversation.messages.map(\.content) == ["kept"])
        #expect(record.settings.sampling.temperature == 5)
        #expect(record.settings.sampling.topK == 40)
        let fields = Set(warnings.map(\.field))
        for field in [
            "title", "created", "system", "model", "settings.temperature", "settings.topK", "settings.stop",
            "settings.logitBias", "settings.seed", "messages[0]", "messages[2].id", "messages[2].role", "head",
        ] {
            #expect(fields.contains(field), "\(field)")
        }
        #expect(read("[]") == nil)
        #expect(read(#"{"format":"sotto.preset"}"#) == nil)
    }

    @Test func idsSortByAgeAndAreNotPaths() {
        let ids = (0..<50).map { SessionID.new(at: noon.addingTimeInterval(Double($0))) }
        #expect(ids == ids.sorted() && ids.allSatisfy { $0.text.count == 26 })
        for bad in ["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "a\0", "ä", String(repeating: "a", count: 65)] {
            #expect(SessionID(bad) == nil)
        }
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
    }
}
