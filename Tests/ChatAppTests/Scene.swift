import Chat
import ChatApp
import Foundation
import Replies
import TUI
import Testing

/// A chat in a test: events go in, effects and screens come out, and the clock is set by hand.
struct Scene {
    var state: AppState
    var now = Date(timeIntervalSince1970: 1_795_356_120)
    /// The clock for durations: it follows `now`, unless a test sets that apart.
    var instant = ContinuousClock.now
    var effects: [Effect] = []
    /// Effects that save what is typed, apart from `effects`: they come with nearly every key.
    var keeping: [Effect] = []

    static let smol = ModelReference(provider: "local", name: "SmolLM2-135M-Instruct.Q4_1")
    static let gemma = ModelReference(provider: "local", name: "gemma-3-270m-Q4_K_M")
    static let models = [
        ModelInfo(
            reference: smol, path: "models/SmolLM2-135M-Instruct.Q4_1.gguf", architecture: "llama", format: "Q4_1",
            parameters: 134_515_008, fileBytes: 91_700_000, contextLength: 8192),
        ModelInfo(
            reference: gemma, architecture: "gemma3", format: "Q4_K_M", parameters: 268_098_176,
            fileBytes: 253_000_000, contextLength: 32_768),
        ModelInfo(
            reference: ModelReference(provider: "local", name: "broken.gguf"),
            problem: "the file ends in the middle of its metadata"),
    ]

    static let defaultDownload = RecommendedModel(
        address: "default", title: "SmolLM2-135M-Instruct.Q4_1", parameters: 134_515_008, bytes: 92_871_040,
        license: "Apache-2.0", use: .small, date: "2026-11-28", source: "a test")

    static let recommended = [
        RecommendedModel(
            address: "hf.co/Qwen/Qwen3-32B-GGUF:Q4_K_M", title: "Qwen3 32B", parameters: 32_762_123_264,
            bytes: 19_762_149_024, license: "Apache-2.0", use: .reasoning, date: "2026-11-28", source: "a test"),
        RecommendedModel(
            address: "hf.co/Qwen/Qwen3-14B-GGUF:Q4_K_M", title: "Qwen3 14B", parameters: 14_768_307_200,
            bytes: 9_001_752_960, license: "Apache-2.0", use: .reasoning, date: "2026-11-28", source: "a test"),
        RecommendedModel(
            address: "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M", title: "Qwen3 8B", parameters: 8_190_735_360,
            bytes: 5_027_783_488, license: "Apache-2.0", use: .general, date: "2026-11-28", source: "a test"),
        RecommendedModel(
            address: "hf.co/ggml-org/gemma-3-270m-it-GGUF:Q8_0", title: "Gemma 3 270M", parameters: 268_098_176,
            bytes: 291_545_600, license: "Gemma", use: .small, date: "2026-11-28", source: "a test"),
    ]

    static var presets: [Preset] {
        var creative = GenerationSettings()
        creative.sampling.temperature = 1.2
        return [
            Preset(name: "balanced", summary: "for most things", system: nil, settings: GenerationSettings()),
            Preset(name: "creative", summary: "freer, for stories", system: "Be vivid.", settings: creative),
        ]
    }

    static let providers = [
        ProviderProfile(id: "local", title: "This program", place: .here),
        ProviderProfile(
            id: "anthropic", title: "Anthropic", place: .remote("api.anthropic.com"),
            settings: SettingSupport(ranges: ["temperature": 0...1], others: ["top_k", "top_p", "max_tokens"])),
        ProviderProfile(id: "ollama", title: "Ollama", place: .thisComputer("127.0.0.1:11434")),
    ]

    init(
        _ width: Int = 80, _ height: Int = 24, withModel: Bool = true, model: ModelReference = smol,
        providers: [ProviderProfile] = [], preferredModel: String? = nil
    ) {
        let session = SessionRecord(id: "s1", created: now, model: withModel ? model : nil, preset: "balanced")
        let utc = TimeZone(secondsFromGMT: 0) ?? .current
        state = AppState(
            session: session, size: Size(width: width, height: height), providers: providers,
            preferredModel: preferredModel,
            defaultDownload: Self.defaultDownload, modelsFolder: "/home/ann/.local/share/sotto/models", timeZone: utc,
            about: About(memory: 16_000_000_000), now: now, instant: instant)
        send(.presetsLoaded(Self.presets))
        send(.recommendationsLoaded(Self.recommended, problems: []))
        if withModel { send(.modelsLoaded(Self.models)) }
        effects = []
    }

    /// Returns the event's effects, which are also added to `effects`.
    @discardableResult
    mutating func send(_ event: AppEvent) -> [Effect] {
        let all = update(&state, event, now: now, instant: instant)
        keeping += all.filter(Self.isKeeping)
        let new = all.filter { !Self.isKeeping($0) }
        effects += new
        return new
    }

    private static func isKeeping(_ effect: Effect) -> Bool {
        switch effect {
        case .remember, .saveDraft, .countDraft, .measureContext: true
        default: false
        }
    }

    @discardableResult
    mutating func press(_ keys: Key...) -> [Effect] { keys.flatMap { send(.key($0)) } }

    mutating func type(_ text: String) {
        for character in text { send(.key(.character(character))) }
    }

    /// Types a line and presses Enter.
    @discardableResult
    mutating func enter(_ text: String) -> [Effect] {
        type(text)
        return press(.enter)
    }

    mutating func wait(_ seconds: Double) {
        now += seconds
        instant += .seconds(seconds)
    }

    /// Streams text into the running reply, one token per word.
    mutating func stream(_ text: String) {
        guard let id = state.session.reply?.id else { return }
        if case .streaming = state.session.reply?.phase {
        } else {
            send(.reply(id, .started(seed: 42, fingerprint: nil)))
        }
        for (number, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            wait(0.005)
            send(.reply(id, .text((number == 0 ? "" : " ") + word)))
        }
    }

    @discardableResult
    mutating func finish(_ stop: StopReason = .endOfTurn, tokens: Int = 188) -> [Effect] {
        guard let id = state.session.reply?.id else { return [] }
        return send(
            .reply(
                id,
                .finished(
                    ReplyStats(
                        promptTokens: 31, cachedTokens: 0, generatedTokens: tokens, firstTokenSeconds: 0.09,
                        tokensPerSecond: 214, stop: stop))))
    }

    /// A message with its complete reply.
    mutating func talk(_ question: String, _ answer: String) {
        enter(question)
        stream(answer)
        finish()
    }

    /// A conversation of `count` messages: "message 0" by the user, "message 1" by the model, and so on.
    mutating func open(messages count: Int) {
        var conversation = Conversation()
        for number in 0..<count {
            conversation.append(
                Message(
                    id: conversation.nextID(), parent: conversation.head, role: number % 2 == 0 ? .user : .assistant,
                    created: now, content: "message \(number)"))
        }
        send(.sessionLoaded(SessionRecord(id: "long", created: now, model: Self.smol, conversation: conversation)))
    }

    var path: [Message] { state.session.record.conversation.path }
    var rows: [String] { view(state).rows }
    var notice: String { state.screen.notices.current?.text ?? "" }

    /// The first line of the selected message, which has a bar next to it; nil if none is selected.
    var selectedText: String? {
        let marked = rows.filter { $0.hasPrefix("▌") }
        return marked.count > 1 ? String(marked[1].dropFirst()) : nil
    }

    /// Whether a row of the screen contains this text.
    func shows(_ text: String) -> Bool { rows.contains { $0.contains(text) } }
}

extension Scene: CustomTestStringConvertible {
    /// Printed when an expectation fails.
    var testDescription: String { "\n" + rows.joined(separator: "\n") }
}
