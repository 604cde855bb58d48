import Chat
import JSON
import Replies
import Synchronization

/// Turns the parts of a service's reply into the chat's events, and keeps its figures.
final class ReplyRecorder: Sendable {
    private struct State {
        var usage = Usage()
        var stop: StopReason?
        var pieces = 0
        var reasoningPieces = 0
        var firstToken: ContinuousClock.Instant?
        var lastToken: ContinuousClock.Instant?
        var reasoningStarted: ContinuousClock.Instant?
        var reasoningEnded: ContinuousClock.Instant?
        var contextLength: Int?
        var isFinished = false
    }

    private let state = Mutex(State())
    private let model: ModelReference
    private let price: Price?
    private let started = ContinuousClock.now
    private let onEvent: @Sendable (ReplyEvent) -> Void

    init(model: ModelReference, price: Price?, onEvent: @escaping @Sendable (ReplyEvent) -> Void) {
        self.model = model
        self.price = price
        self.onEvent = onEvent
    }

    /// Whether some of the reply has arrived, so that the request must not be repeated.
    var hasBegun: Bool { state.withLock { $0.firstToken != nil } }

    /// The model's context in tokens, if the service says so.
    var contextLength: Int? {
        get { state.withLock { $0.contextLength } }
        set { state.withLock { $0.contextLength = newValue } }
    }

    func retry(_ error: ServiceError, after seconds: Double) {
        onEvent(.retrying(reason: "\(error)", seconds: seconds))
    }

    func take(_ part: ReplyPart) {
        switch part {
        case .text(let text): add(ReplyChunk(text: text, tokenCount: 1))
        case .reasoning(let text): add(ReplyChunk(reasoning: text, tokenCount: 1))
        case .tokens(let tokens, let text): add(tokens, text)
        case .loading(let fraction): onEvent(.loading(name: model.name, fraction: fraction))
        case .prefill(let done, let total, let cached): onEvent(.prefill(done: done, total: total, cached: cached))
        case .usage(let usage): state.withLock { $0.usage.merge(usage) }
        case .state(let value):
            onEvent(.providerState(ProviderState(provider: model.provider, json: JSONWriter.compact(value))))
        case .notice(let text): onEvent(.notice(.other(text)))
        case .stop(let reason): state.withLock { $0.stop = reason }
        }
    }

    /// One chunk a token, so that the chat knows each; the text comes with the last one.
    private func add(_ tokens: [ReplyToken], _ text: String) {
        guard !tokens.isEmpty else { return text.isEmpty ? () : add(ReplyChunk(text: text, tokenCount: 1)) }
        for (index, token) in tokens.enumerated() {
            let isLast = index == tokens.count - 1
            add(ReplyChunk(details: token, text: isLast ? text : "", tokenCount: 1))
        }
    }

    private func add(_ chunk: ReplyChunk) {
        let now = ContinuousClock.now
        state.withLock { state in
            state.pieces += chunk.tokenCount
            state.firstToken = state.firstToken ?? now
            state.lastToken = now
            if !chunk.reasoning.isEmpty {
                state.reasoningPieces += chunk.tokenCount
                state.reasoningStarted = state.reasoningStarted ?? now
                state.reasoningEnded = nil
            } else if state.reasoningStarted != nil {
                state.reasoningEnded = state.reasoningEnded ?? now
            }
        }
        onEvent(.chunk(chunk))
    }

    /// Reports the end, once. `reason` counts if the service named none, or the user stopped the reply.
    func finish(_ reason: StopReason) {
        let events = state.withLock { state -> [ReplyEvent] in
            guard !state.isFinished else { return [] }
            state.isFinished = true
            let stats = stats(of: state, reason == .cancelled ? .cancelled : state.stop ?? reason)
            var events: [ReplyEvent] = []
            if let limit = state.contextLength, stats.promptTokens > 0 {
                events.append(.context(used: stats.promptTokens + stats.generatedTokens, limit: limit))
            }
            return events + [.finished(stats)]
        }
        events.forEach(onEvent)
    }

    private func stats(of state: State, _ stop: StopReason) -> ReplyStats {
        let usage = state.usage
        let generated = usage.generatedTokens ?? state.pieces
        var stats = ReplyStats(
            promptTokens: usage.promptTokens ?? 0, cachedTokens: usage.cachedTokens ?? 0, generatedTokens: generated,
            firstTokenSeconds: state.firstToken.map { started.duration(to: $0).seconds } ?? 0, stop: stop)
        if let first = state.firstToken, let last = state.lastToken, generated > 1 {
            let seconds = first.duration(to: last).seconds
            stats.tokensPerSecond = seconds > 0 ? Double(generated - 1) / seconds : 0
        }
        stats.tokensPerSecond = usage.tokensPerSecond ?? stats.tokensPerSecond
        stats.cacheWriteTokens = usage.cacheWriteTokens ?? 0
        stats.reasoningTokens = usage.reasoningTokens ?? state.reasoningPieces
        if let begin = state.reasoningStarted, let end = state.reasoningEnded ?? state.lastToken {
            stats.reasoningSeconds = begin.duration(to: end).seconds
        }
        if let charged = usage.dollars {
            stats.cost = Cost(dollars: charged, priceDate: "as charged")
        } else if usage.promptTokens != nil {
            // Of a reply that was stopped nobody knows what the prompt cost.
            stats.cost = price?.cost(of: stats)
        }
        return stats
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
