import Chat
import Inference
import Sampling
import Tokenizers

// The engine speaks its own words, so that it depends on nothing of the chat; here they are put into the chat's.

extension ChatTurn {
    /// - Parameter tokens: what the message is made of, where that is known.
    init(_ message: Message, tokens: [Int32]? = nil) {
        let role: Role =
            switch message.role {
            case .system: .system
            case .user: .user
            case .assistant: .assistant
            case .tool: .tool
            }
        self.init(role: role, content: message.promptText, reasoning: message.reasoning, tokens: tokens)
    }
}

extension GenerationOptions {
    public init(_ settings: GenerationSettings) {
        self.init(
            sampling: settings.sampling, maxTokens: settings.maxTokens, stop: settings.stop,
            speculates: settings.speculation, reasoningBudget: settings.reasoningBudget)
    }

    /// For a chat, which shows what else could have been said.
    init(_ live: LiveSettings) {
        self.init(live.current)
        alternatives = 8
        isWatched = live.isWatched
    }
}

extension Prompt {
    /// A conversation for a model that is to think, or not.
    public init(_ turns: [ChatTurn], thinking: Thinking) {
        self = .messages(turns, extra: thinking == .auto ? [:] : ThinkingSwitch.variables(isOn: thinking == .on))
    }
}

extension GenerationRequest {
    init(_ request: ReplyRequest) {
        var turns = request.system.map { [ChatTurn(role: .system, content: $0)] } ?? []
        turns += request.messages.map { ChatTurn($0) }
        if turns.last?.role == .assistant { turns[turns.count - 1].tokens = request.continued }
        self.init(
            prompt: Prompt(turns, thinking: request.settings.current.thinking),
            options: { GenerationOptions(request.settings) },
            isCancelled: { request.cancellation.isCancelled })
    }
}

/// The texts of tokens, each looked up once.
struct TokenTexts {
    let tokenizer: Tokenizer?
    private var known: [Int32: (bytes: [UInt8], isControl: Bool)] = [:]

    init(_ tokenizer: Tokenizer?) { self.tokenizer = tokenizer }

    mutating func token(_ report: TokenReport) -> ReplyToken {
        ReplyToken(chosen: choice(report.chosen), alternatives: report.alternatives.map { choice($0) })
    }

    private mutating func choice(_ probabilities: TokenProbabilities) -> TokenChoice {
        let text = known[probabilities.token] ?? lookUp(probabilities.token)
        known[probabilities.token] = text
        return TokenChoice(
            id: probabilities.token, bytes: text.bytes, isControl: text.isControl, before: probabilities.before,
            after: probabilities.after)
    }

    private func lookUp(_ token: Int32) -> (bytes: [UInt8], isControl: Bool) {
        guard let tokenizer else { return ([], true) }
        let bytes = tokenizer.bytes(of: token)
        return bytes.isEmpty ? (tokenizer.bytes(of: token, special: true), true) : (bytes, false)
    }
}

extension ReplyEvent {
    init(_ event: EngineEvent, model: ModelReference, texts: inout TokenTexts) {
        self =
            switch event {
            case .turnsDropped(let count, let promptTokens, let limit):
                .notice(.turnsDropped(count: count, promptTokens: promptTokens, limit: limit))
            case .prefill(let done, let total, let cached): .prefill(done: done, total: total, cached: cached)
            case .started(let seed): .started(seed: seed, model: model)
            case .text(let text, let tokens): .text(text, tokens: tokens)
            case .token(let report): .token(texts.token(report))
            case .next(let next): .next(next)
            case .reasoning(let text, let tokens): .reasoning(text, tokens: tokens)
            case .context(let used, let limit): .context(used: used, limit: limit)
            case .finished(let stats): .finished(ReplyStats(stats))
            }
    }
}

extension ReplyStats {
    public init(_ stats: GenerationStats) {
        let stop: StopReason =
            switch stats.stop {
            case .endOfTurn: .endOfTurn
            case .stopText: .stopText
            case .tokenLimit: .tokenLimit
            case .contextFull: .contextFull
            case .repetition: .repetition
            case .cancelled: .cancelled
            }
        self.init(
            promptTokens: stats.promptTokens, cachedTokens: stats.cachedTokens, generatedTokens: stats.generatedTokens,
            firstTokenSeconds: stats.firstTokenSeconds, tokensPerSecond: stats.tokensPerSecond,
            draftedTokens: stats.draftedTokens, acceptedTokens: stats.acceptedTokens, stop: stop)
        reasoningTokens = stats.reasoningTokens
        reasoningSeconds = stats.reasoningSeconds
    }
}
