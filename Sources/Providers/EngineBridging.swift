import Chat
import Inference

// The engine speaks its own words, so that it depends on nothing of the chat; here they are put into the chat's.

extension ChatTurn {
    init(_ message: Message) {
        let role: Role =
            switch message.role {
            case .system: .system
            case .user: .user
            case .assistant: .assistant
            case .tool: .tool
            }
        self.init(role: role, content: message.content, reasoning: message.reasoning)
    }
}

extension GenerationOptions {
    public init(_ settings: GenerationSettings) {
        self.init(sampling: settings.sampling, maxTokens: settings.maxTokens, stop: settings.stop)
    }
}

extension ReplyEvent {
    init(_ event: EngineEvent, model: ModelReference) {
        self =
            switch event {
            case .turnsDropped(let count, let promptTokens, let limit):
                .notice(.turnsDropped(count: count, promptTokens: promptTokens, limit: limit))
            case .prefill(let done, let total, let cached): .prefill(done: done, total: total, cached: cached)
            case .started(let seed): .started(seed: seed, model: model)
            case .text(let text, let tokens): .text(text, tokens: tokens)
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
            firstTokenSeconds: stats.firstTokenSeconds, tokensPerSecond: stats.tokensPerSecond, stop: stop)
    }
}
