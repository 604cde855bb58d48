import Foundation
import GGUF
import Inference
import Jinja
import Reasoning
import Replies
import Testing
import Tokenizers

/// Prompts of reasoning models, with real templates, and the reasoning budget.
@Suite(
    .enabled(
        if: RealModel.folder != nil && templates != nil, "Set SOTTO_TEST_MODELS and SOTTO_TEST_REFERENCE"),
    .serialized)
struct ReasoningTests {
    private func writer(_ name: String) throws -> (PromptWriter, Tokenizer) {
        let source = try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
        let tokenizer = try #require(Model.load(path: RealModel.smol.path).tokenizer)
        return (
            PromptWriter(template: try ChatTemplate(source: source, bos: "", eos: ""), tokenizer: tokenizer), tokenizer
        )
    }

    static let turns = [
        ChatTurn(role: .user, content: "Why?"), ChatTurn(role: .assistant, content: "So.", reasoning: "Hmm."),
        ChatTurn(role: .user, content: "And?"),
    ]

    /// These templates omit earlier reasoning.
    @Test(arguments: ["Qwen-Qwen3-0.6B.jinja", "Qwen-QwQ-32B.jinja", "llama-cpp-deepseek-r1.jinja"])
    func omitsEarlierReasoning(_ name: String) throws {
        let (writer, tokenizer) = try writer(name)
        let prompt = tokenizer.decode(try writer.tokens(Self.turns), special: true)
        #expect(prompt.contains("So.") && !prompt.contains("Hmm."))
    }

    @Test func passesReasoningToTemplatesThatUseIt() throws {
        let (writer, tokenizer) = try writer("GLM-4.7-Flash.jinja")
        let extra: [String: JinjaValue] = ["clear_thinking": .bool(false)]
        let prompt = tokenizer.decode(try writer.tokens(Self.turns, extra: extra), special: true)
        #expect(prompt.contains("<think>Hmm.</think>So."))
    }

    /// Whether the prompt leaves the reasoning tag open, with thinking on, off or unset.
    @Test(
        arguments: [
            ("Qwen-Qwen3-0.6B.jinja", nil, false), ("Qwen-Qwen3-0.6B.jinja", false, false),
            ("Qwen3.5-4B.jinja", nil, true), ("Qwen3.5-4B.jinja", false, false),
            ("deepseek-ai-DeepSeek-V3.1.jinja", true, true), ("deepseek-ai-DeepSeek-V3.1.jinja", false, false),
            ("deepseek-ai-DeepSeek-R1-Distill-Llama-8B.jinja", nil, true), ("StepFun3.5-Flash.jinja", nil, true),
            ("google-gemma-4-31B-it.jinja", false, false),
        ] as [(String, Bool?, Bool)])
    func detectsAnOpenTag(_ name: String, _ isOn: Bool?, _ isOpen: Bool) throws {
        let (writer, _) = try writer(name)
        let turns = [ChatTurn(role: .user, content: "Why?")]
        let tokens = try writer.tokens(turns, extra: isOn.map { ThinkingSwitch.variables(isOn: $0) } ?? [:])
        #expect((writer.splitter(after: tokens, of: turns).openTag != nil) == isOpen)
    }

    /// A continued reply begins with its reasoning, which is closed only if the answer had begun.
    @Test func continuesReasoningAndAnswers() throws {
        let (writer, tokenizer) = try writer("Qwen-Qwen3-0.6B.jinja")
        func prompt(_ turn: ChatTurn) throws -> (text: String, isOpen: Bool) {
            let turns = [ChatTurn(role: .user, content: "Why?"), turn]
            let tokens = try writer.tokens(turns)
            return (tokenizer.decode(tokens, special: true), writer.splitter(after: tokens, of: turns).openTag != nil)
        }
        let thinking = try prompt(ChatTurn(role: .assistant, content: "", reasoning: "Hmm, it"))
        #expect(thinking.text.hasSuffix("assistant\n<think>\nHmm, it") && thinking.isOpen)
        let answering = try prompt(ChatTurn(role: .assistant, content: "So it", reasoning: "Hmm."))
        #expect(answering.text.hasSuffix("<think>\nHmm.\n</think>\n\nSo it") && !answering.isOpen)
        let plain = try prompt(ChatTurn(role: .assistant, content: "So it"))
        #expect(plain.text.hasSuffix("assistant\nSo it") && !plain.isOpen)
    }

    /// Templates render earlier replies in the format that the model generates, so splitting them gives both parts again.
    @Test(arguments: [
        ("openai-gpt-oss-120b.jinja", "thinking", "<|start|>assistant", "<|return|>"),
        ("Cohere2MoE.jinja", "reasoning_content", "<|CHATBOT_TOKEN|>", "<|END_OF_TURN_TOKEN|>"),
        ("upstage-Solar-Open-100B.jinja", "reasoning", "<|begin|>assistant", "<|end|>"),
        ("Qwen-Qwen3-0.6B.jinja", "reasoning_content", "<|im_start|>assistant\n", "<|im_end|>"),
        ("mistralai-Ministral-3-14B-Reasoning-2512.jinja", "", "[/INST]", "</s>"),
    ])
    func splitsRepliesRenderedByTemplates(_ name: String, _ field: String, _ start: String, _ end: String) throws {
        let source = try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
        let template = try ChatTemplate(source: source, bos: "", eos: "")
        var reply: JinjaValue = ["role": "assistant", "content": "So.", field: "Hmm."]
        if field.isEmpty {
            reply = [
                "role": "assistant",
                "content": [["type": "thinking", "thinking": "Hmm."], ["type": "text", "text": "So."]],
            ]
        }
        let user: JinjaValue = ["role": "user", "content": "Why?"]
        let text = try template.render(messages: [user, reply], addGenerationPrompt: false).text
        let question = try #require(text.range(of: "Why?"))
        let begin = try #require(text.range(of: start, range: question.upperBound..<text.endIndex))
        let end = text.range(of: end, options: .backwards)?.lowerBound ?? text.endIndex
        let parts = ReasoningSplitter.split(String(text[begin.upperBound..<end]))
        #expect(parts.reasoning == "Hmm." && parts.text == "So.", "\(text)")
    }

    /// The tag that these families' templates leave open at the start of a reply.
    @Test(
        arguments: [
            ("Cohere2MoE.jinja", "<|START_THINKING|>"), ("CohereForAI-c4ai-command-r7b-12-2024-tool_use.jinja", nil),
            ("openai-gpt-oss-120b.jinja", nil), ("upstage-Solar-Open-100B.jinja", nil),
        ] as [(String, String?)])
    func detectsHowRepliesBegin(_ name: String, _ open: String?) throws {
        let (writer, _) = try writer(name)
        let turns = [ChatTurn(role: .user, content: "Why?")]
        #expect(writer.splitter(after: try writer.tokens(turns), of: turns).openTag?.open == open)
        let source = try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
        #expect(ReasoningTag.used(in: source) != ReasoningTag.all[0])
    }

    @Test func detectsThinkingSwitchesInTemplates() throws {
        func source(_ name: String) throws -> String {
            try String(contentsOfFile: (templates ?? "") + name, encoding: .utf8)
        }
        #expect(ThinkingSwitch.isKnown(to: try source("Qwen-Qwen3-0.6B.jinja")))
        #expect(ThinkingSwitch.isKnown(to: try source("deepseek-ai-DeepSeek-V3.1.jinja")))
        #expect(!ThinkingSwitch.isKnown(to: try source("meta-llama-Llama-3.2-3B-Instruct.jinja")))
    }

    /// A real model whose reply begins with reasoning: at the end of the budget, the closing tag is inserted and the model
    /// answers.
    @Test func theBudgetEndsThinking() async throws {
        let engine = try Engine(model: Model.load(path: RealModel.smol.path))
        let turns = [
            ChatTurn(role: .user, content: "Name a colour."),
            ChatTurn(role: .assistant, content: "", reasoning: "Well, the"),
        ]
        var sampling = GenerationOptions().sampling
        sampling.temperature = 0
        let options = GenerationOptions(sampling: sampling, maxTokens: 30, reasoningBudget: 6)
        var reasoning = 0
        var text = ""
        var stats: ReplyStats?
        var isAnswering = false
        for try await event in engine.generate(GenerationRequest(prompt: .messages(turns), options: { options })) {
            switch event {
            case .chunk(let chunk):
                if !chunk.reasoning.isEmpty {
                    reasoning += 1
                    #expect(!isAnswering)
                }
                if !chunk.text.isEmpty { isAnswering = true }
                text += chunk.text
            case .finished(let result): stats = result
            default: break
            }
        }
        #expect((4...6).contains(reasoning))
        #expect(!text.isEmpty && !text.contains("think"))
        // The tokens that close the tag are counted as well.
        #expect((6...14).contains(try #require(stats).reasoningTokens))
    }
}

let templates = ProcessInfo.processInfo.environment["SOTTO_TEST_REFERENCE"].map { $0 + "/models/templates/" }
