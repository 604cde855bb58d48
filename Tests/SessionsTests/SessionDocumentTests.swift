import Chat
import Foundation
import JSON
import Sampling
import Sessions
import Testing

@Suite struct SessionDocumentTests {
    private func read(_ text: String) -> (document: SessionDocument, warnings: [SessionWarning])? {
        guard let id = SessionID("sample") else { return nil }
        return SessionDocument.read(JSONReader.recover(Array(text.utf8)).value, id: id)
    }

    @Test func comesBackAsItWas() throws {
        let document = sample()
        let (back, warnings) = try #require(read(JSONWriter.pretty(document.json)))
        #expect(warnings.isEmpty)
        #expect(back.title == document.title && back.created == document.created && back.updated == document.updated)
        #expect(back.model == document.model && back.system == document.system && back.settings == document.settings)
        #expect(back.conversation == document.conversation)
        #expect(JSONWriter.pretty(back.json) == JSONWriter.pretty(document.json))
    }

    @Test func anyConversationComesBack() throws {
        var random = RandomSource(seed: 4)
        for _ in 0..<40 {
            var document = sample()
            for number in 5..<30 {
                let parent = document.conversation.messages.randomElement(using: &random)?.id.rawValue
                let scalars = (0..<random.next() % 40).compactMap { _ in
                    Unicode.Scalar(UInt32(random.next() % 0x11000))
                }
                document.conversation.append(
                    message(
                        "m\(number)", random.next() % 8 == 0 ? nil : parent,
                        Message.Role.allCases.randomElement(using: &random) ?? .user,
                        String(String.UnicodeScalarView(scalars))))
            }
            document.conversation.moveHead(to: document.conversation.messages.randomElement(using: &random)?.id)
            for row in SettingTable.rows { row.nudge(&document.settings, by: Int(random.next() % 9) - 4) }
            let (back, warnings) = try #require(read(JSONWriter.pretty(document.json)))
            #expect(warnings.isEmpty)
            #expect(back.conversation == document.conversation && back.settings == document.settings)
        }
    }

    @Test func anyPartOfAFileCanBeRead() {
        let whole = Array(JSONWriter.pretty(sample().json).utf8)
        var found = 0
        for cut in 0..<whole.count - 1 {
            let (value, mistake) = JSONReader.recover(Array(whole[..<cut]))
            #expect(mistake != nil)
            guard let id = SessionID("cut"), let (document, _) = SessionDocument.read(value, id: id) else { continue }
            // What can be read once can be read always.
            #expect(document.conversation.messages.count >= found)
            found = document.conversation.messages.count
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

    @Test func keepsFieldsItDoesNotKnowAtEveryLevel() throws {
        var original = sample()
        // The keys of the biases are token ids, so nothing unknown can stand there.
        original.settings.sampling.logitBias = [:]
        original.conversation.update(Message.ID(rawValue: "m2")) { $0.origin?.settings = original.settings }
        var json = JSONWriter.pretty(original.json)
        let strange = #""zz": {"deep": [1.0, 1e400, "x"]}, "#
        json = json.replacing("{\n", with: "{\n\(strange)")
        let (document, warnings) = try #require(read(json))
        #expect(warnings.isEmpty)
        var changed = document
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
        #expect(back.document.settings.sampling.logitBias == [9: 2])
        #expect(back.document.conversation[Message.ID(rawValue: "m2")]?.content == "Start early. More.")
    }

    @Test func hostileTreesAreMended() throws {
        func session(_ messages: String, head: String = "\"a\"") -> String {
            #"{"format":"sotto.session","version":1,"title":"t","created":"2026-01-01T00:00:00Z","#
                + #""updated":"2026-01-01T00:00:00Z","head":\#(head),"messages":[\#(messages)]}"#
        }
        func item(_ id: String, _ parent: String) -> String {
            #"{"id":"\#(id)","parent":\#(parent),"role":"user","created":"2026-01-01T00:00:00Z","content":"\#(id)"}"#
        }
        let inCircle = [item("a", #""b""#), item("b", #""c""#), item("c", #""a""#)]
        let circle = try #require(read(session(inCircle.joined(separator: ","))))
        #expect(circle.document.conversation.messages.count == 3)
        #expect(circle.warnings.count == 1)
        #expect(Set(circle.document.conversation.path.map(\.content)) == ["a", "b", "c"])

        let itself = try #require(read(session(item("a", #""a""#))))
        #expect(itself.document.conversation.path.count == 1 && itself.warnings.count == 1)

        let orphan = try #require(read(session(item("a", #""nobody""#))))
        #expect(orphan.document.conversation.path.count == 1 && orphan.warnings.count == 1)

        let alike = [item("a", "null"), item("a", "null"), item("m2", "null")]
        let twins = try #require(read(session(alike.joined(separator: ","))))
        #expect(twins.document.conversation.messages.count == 3)
        #expect(Set(twins.document.conversation.messages.map(\.id)).count == 3)

        let lost = try #require(read(session(item("a", "null"), head: #""nobody""#)))
        #expect(lost.document.conversation.head?.rawValue == "a" && lost.warnings.count == 1)

        let empty = try #require(read(session(item("a", "null"), head: "null")))
        #expect(empty.document.conversation.head == nil && empty.warnings.isEmpty)

        // Children before their parents are no damage.
        let reversed = [item("b", #""a""#), item("a", "null")]
        let backwards = try #require(read(session(reversed.joined(separator: ","), head: #""b""#)))
        #expect(backwards.document.conversation.path.map(\.content) == ["a", "b"] && backwards.warnings.isEmpty)

        let deep = (0..<5000).map { item("x\($0)", $0 == 0 ? "null" : "\"x\($0 - 1)\"") }
            .reversed().joined(separator: ",")
        #expect(try #require(read(session(deep, head: #""x4999""#))).document.conversation.path.count == 5000)
    }

    @Test func wrongTypesAreWarnings() throws {
        let text = """
            {"format":"sotto.session","version":"one","title":7,"created":"yesterday","updated":null,"system":[],
             "model":"x","settings":{"temperature":99,"topK":"many","stop":[1],"logitBias":{"a":1},"seed":-1},
             "head":3,"messages":[1,{},{"id":5,"role":"king","content":"kept"},null]}
            """
        let (document, warnings) = try #require(read(text))
        #expect(document.conversation.messages.map(\.content) == ["kept"])
        #expect(document.settings.sampling.temperature == 5)
        #expect(document.settings.sampling.topK == 40)
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

    @Test func idsSortByAgeAndCannotLeaveTheFolder() {
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
