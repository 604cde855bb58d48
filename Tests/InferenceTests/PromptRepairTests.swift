import Foundation
import Jinja
import Testing
import Tokenizers

@testable import Inference

/// Conversations that a template rejects or loses a part of, and templates that are no good at all.
struct PromptRepairTests {
    /// Insists on alternating roles and takes no system prompt, as Gemma's first templates.
    private static let strict = """
        {% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}
        {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}
        {{- '<' + m.role + '>' + m.content + '<end>' }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}
        """
    /// Writes users' and assistants' messages only.
    private static let forgetful = """
        {% for m in messages %}{% if m.role in ['user', 'assistant'] %}{{ m.role + ': ' + m.content + '\\n' }}{% endif %}
        {%- endfor %}
        """

    private func render(
        _ source: String, _ turns: [(String, String)]
    ) throws -> (text: String, repairs: [PromptRepair]) {
        let template = try ChatTemplate(source: source, bos: "", eos: "")
        let messages = turns.map { JinjaValue.dict(JinjaDict(["role": .trusted($0.0), "content": .string($0.1)])) }
        let (text, repairs) = try template.renderRepairing(messages: .list(messages), addGenerationPrompt: true)
        return (text.text, repairs)
    }

    @Test func aMissingReplyDoesNotEndTheConversation() throws {
        let missing = try render(Self.strict, [("user", "a"), ("user", "b"), ("assistant", "c"), ("user", "d")])
        #expect(missing.text == "<user>a\n\nb<end><assistant>c<end><user>d<end><assistant>")
        #expect(missing.repairs == [.rolesJoined])
        let twice = try render(Self.strict, [("user", "a"), ("assistant", "b"), ("assistant", ""), ("user", "c")])
        #expect(twice.text == "<user>a<end><assistant>b<end><user>c<end><assistant>")
        let first = try render(Self.strict, [("assistant", "b"), ("user", "c")])
        #expect(first.text == "<user><end><assistant>b<end><user>c<end><assistant>")
        #expect(first.repairs == [.userMessageAdded])
        let whole = try render(Self.strict, [("user", "a"), ("assistant", "b"), ("user", "c")])
        #expect(whole.repairs.isEmpty)
    }

    @Test func aSystemPromptIsNeverLost() throws {
        let rejected = try render(Self.strict, [("system", "s"), ("user", "a")])
        #expect(rejected.text == "<user>s\n\na<end><assistant>" && rejected.repairs == [.systemFolded])
        let both = try render(Self.strict, [("system", "s"), ("user", "a"), ("user", "b")])
        #expect(both.text == "<user>s\n\na\n\nb<end><assistant>")
        #expect(both.repairs == [.systemFolded, .rolesJoined])
        let ignored = try render(Self.forgetful, [("system", "s"), ("user", "a"), ("user", "b")])
        #expect(ignored.text == "user: s\n\na\nuser: b\n" && ignored.repairs == [.systemFolded])
        #expect(try render(Self.forgetful, [("user", "a"), ("user", "b")]).repairs.isEmpty)
    }

    /// The words of a message stay text from outside, whatever they are joined with.
    @Test func joinedMessagesStayUntrusted() throws {
        let template = try ChatTemplate(source: Self.strict, bos: "", eos: "")
        let message: JinjaValue = ["role": "user", "content": "<end>"]
        let text = try template.renderRepairing(messages: [message, message], addGenerationPrompt: false).text
        let untrusted = text.segments.filter { !$0.trusted }.map(\.text).joined()
        #expect(untrusted.components(separatedBy: "<end>").count == 3)
    }

    @Test func callsAndPartsOfMessagesAreKept() throws {
        let template = try ChatTemplate(source: "{{ raise_exception('no') }}", bos: "", eos: "")
        let call: JinjaValue = ["role": "assistant", "content": "", "tool_calls": [["name": "f"]]]
        #expect(throws: JinjaError.self) {
            try template.renderRepairing(messages: [call, call], addGenerationPrompt: false)
        }
        let list = try ChatTemplate(
            source: """
                {% for m in messages %}{% if loop.index0 % 2 == 0 and m.role != 'user' or loop.index > 1 %}
                {{- raise_exception('no') }}{% endif %}{% for part in m.content %}{{ part.text }}{% endfor %}{% endfor %}
                """, bos: "", eos: "")
        func message(_ text: String) -> JinjaValue {
            ["role": "user", "content": [["type": "text", "text": .string(text)]]]
        }
        let joined = try list.renderRepairing(messages: [message("a"), message("b")], addGenerationPrompt: false)
        #expect(joined.text.text == "ab" && joined.repairs == [.rolesJoined])
    }

    /// The template's own message is reported if nothing helps.
    @Test func otherErrorsAreReported() throws {
        let error = #expect(throws: JinjaError.self) {
            try render("{{ raise_exception('only in leap years') }}", [("system", "s"), ("user", "a"), ("user", "b")])
        }
        #expect(error?.message.contains("only in leap years") == true)
    }

    // MARK: Real templates

    /// Some tool-use templates test only `tools is defined` before they loop over them.
    @Test(
        .enabled(if: templates != nil, "Set SOTTO_TEST_REFERENCE"),
        arguments: [
            "CohereForAI-c4ai-command-r-plus-tool_use.jinja", "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use.jinja",
            "NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja",
        ])
    func withoutToolsTheyAreUndefined(_ name: String) throws {
        let source = try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
        #expect(try render(source, [("user", "qwert")]).text.contains("qwert"))
    }

    /// Every template that takes a single message takes these conversations too, and none loses the system prompt.
    @Test(.enabled(if: templates != nil, "Set SOTTO_TEST_REFERENCE"))
    func everyPublishedTemplateTakesIncompleteConversations() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: templates ?? "").filter {
            $0.hasSuffix(".jinja")
        }
        #expect(names.count > 60)
        for name in names {
            let source = try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
            guard (try? render(source, [("user", "qwert")])) != nil else { continue }
            let turns = [
                ("system", "asdfg"), ("user", "qwert"), ("user", "yxcvb"), ("assistant", "zuiop"), ("user", "hjkl"),
            ]
            for beginning in [turns.prefix(3), turns.prefix(5), turns.dropFirst().prefix(2), turns.dropFirst()] {
                let text = try render(source, Array(beginning)).text
                for (_, content) in beginning { #expect(text.contains(content), "\(name): \(content)") }
            }
        }
    }

    /// What ends a reply, as published templates write it.
    @Test(
        .enabled(if: templates != nil, "Set SOTTO_TEST_REFERENCE"),
        arguments: [
            ("Qwen-Qwen3-0.6B.jinja", "<|im_end|>"), ("meta-llama-Llama-3.1-8B-Instruct.jinja", "<|eot_id|>"),
            ("google-gemma-2-2b-it.jinja", "<end_of_turn>"), ("openai-gpt-oss-120b.jinja", "<|return|>"),
            ("llama-cpp-deepseek-r1.jinja", "<｜end▁of▁sentence｜>"),
            // They end thoughts, too.
            ("Kimi-K3.jinja", nil), ("upstage-Solar-Open-100B.jinja", nil),
        ] as [(String, String?)])
    func findsTheEndOfATurn(_ name: String, _ end: String?) throws {
        let source = try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
        let eos = name.contains("deepseek") ? end : nil
        #expect(try ChatTemplate(source: source, bos: "", eos: eos ?? "").traits.endOfTurn == end)
    }

    /// A header of the next turn, which the answer may contain, is no end.
    @Test(
        arguments: [
            ("{{ messages[-1].content }}\n\n### User:", nil),
            ("{{ messages[-1].content }} <|im_done|>\n<|next|>", "<|im_done|>"),
            ("{{ messages[-1].content }}\n[END]", "[END]"), ("{{ messages[-1].content }}< a >", nil),
            ("{{ messages[-1].content }}<>", nil), ("{{ messages[-1].content }}", nil),
        ] as [(String, String?)])
    func onlyMarkersEndATurn(_ source: String, _ end: String?) throws {
        #expect(try ChatTemplate(source: source, bos: "", eos: "").traits.endOfTurn == end)
    }

    // MARK: Empty and broken templates

    @Test(arguments: [
        "", " \n", "{% for m in messages %}", "{{ nothing.at_all.here }}", "{{ raise_exception('no') }}", "Hello!",
    ])
    func unusableTemplatesAreReplaced(_ source: String) throws {
        let chatML = try Vocabulary(
            pieces: PieceList(["a", "<|im_start|>", "<|im_end|>"]), kinds: [.normal, .control, .control])
        let family = try TemplateChoice(given: nil, own: source, bos: "", eos: "") { chatML }
        guard case .template(_, used: "ChatML") = family.warning else {
            return #expect(Bool(false), "\(String(describing: family.warning))")
        }
        #expect(family.template != nil)
        let plain = try TemplateChoice(given: nil, own: source, bos: "", eos: "") {
            try? Vocabulary(pieces: PieceList(["a"]))
        }
        #expect(plain.template == nil)
        #expect(plain.warning?.description.contains("plain transcript") == true)
        // Given by the user, it has to work.
        #expect(throws: JinjaError.self) {
            try TemplateChoice(given: source, own: nil, bos: "", eos: "") { chatML }
        }
    }

    @Test func usableTemplatesAreKept() throws {
        let own = try TemplateChoice(given: nil, own: Self.strict, bos: "", eos: "") { nil }
        #expect(own.template?.source == Self.strict && own.warning == nil)
        let given = try TemplateChoice(given: Self.forgetful, own: Self.strict, bos: "", eos: "") { nil }
        #expect(given.template?.source == Self.forgetful && given.warning == nil)
        let base = try TemplateChoice(given: nil, own: nil, bos: "", eos: "") { nil }
        #expect(base.template == nil && base.warning == nil)
    }

    /// Each standard template writes both roles, ends turns, and is found by its own markers.
    @Test func standardTemplatesWork() throws {
        for row in StandardTemplates.rows {
            let (text, _) = try render(
                row.source, [("system", "s"), ("user", "qwert"), ("assistant", "yxcvb"), ("user", "z")])
            #expect(text.contains("qwert") && text.contains("yxcvb"), "\(row.name)")
            for marker in row.markers { #expect(text.contains(marker), "\(row.name): \(marker)") }
            let traits = try ChatTemplate(source: row.source, bos: "", eos: "</s>").traits
            #expect(traits.endOfTurn != nil, "\(row.name)")
            let vocabulary = try Vocabulary(pieces: PieceList(["a"] + row.markers))
            #expect(StandardTemplates.row(for: vocabulary)?.name == row.name)
        }
    }
}
