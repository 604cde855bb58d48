import Chat
import Replies

/// The reply that is being generated.
public struct RunningReply: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        case starting
        case loading(name: String, fraction: Double?)
        /// Prompt tokens read so far and in total; `cached` of them were in the cache before.
        case prefill(done: Int, total: Int, cached: Int)
        /// A service is busy; the request is repeated at that time.
        case retrying(reason: String, until: ContinuousClock.Instant)
        case streaming
    }

    public var id: ReplyID
    public var phase: Phase = .starting
    /// The message that it answers.
    public var parent: Message.ID
    /// What was shown before; shown again if the reply ends without any text.
    public var previousHead: Message.ID?
    /// The reply's message in the conversation; nil until its first text.
    public var message: Message.ID?
    /// The message as it was, if the reply continues one; nil if it is a new one.
    public var continued: Message?
    /// Whether its tokens are known from the first one on.
    public var keepsTokens = true
    /// Its tokens before it has a message in the conversation.
    public var early: [ReplyToken] = []
    /// What the service wants back later, before the reply has a message in the conversation.
    public var providerState: ProviderState?
    public var model: ModelReference
    public var settings: GenerationSettings
    public var seed: UInt64?
    public var tokens = 0
    /// How many of them are reasoning.
    public var reasoningTokens = 0
    /// When its reasoning began, and when its answer began.
    public var reasoningStarted: ContinuousClock.Instant?
    public var reasoningEnded: ContinuousClock.Instant?
    /// Whether it reports how full the context is.
    var reportsContext = false
    /// What the status line shows.
    var figures: ShownFigures?
    public var started: ContinuousClock.Instant
    public var prefillStarted: ContinuousClock.Instant?
    public var firstToken: ContinuousClock.Instant?
    /// The user has stopped it.
    public var isStopping = false

    /// Counts a token, and notes when the first one came and when reasoning began and ended.
    mutating func count(_ chunk: ReplyChunk, now: ContinuousClock.Instant) {
        phase = .streaming
        if firstToken == nil { firstToken = now }
        if !chunk.reasoning.isEmpty {
            if reasoningStarted == nil { reasoningStarted = now }
            reasoningEnded = nil
        }
        let isReasoning = reasoningStarted != nil && reasoningEnded == nil
        if chunk.tokenCount > 0 {
            tokens += chunk.tokenCount
            // A token without text, such as the first half of a character, belongs to what is being written.
            if isReasoning, !chunk.reasoning.isEmpty || chunk.text.isEmpty { reasoningTokens += chunk.tokenCount }
        }
        if isReasoning, !chunk.text.isEmpty { reasoningEnded = now }
    }

    /// Seconds that the model has been thinking; nil if it has not.
    func reasoningSeconds(now: ContinuousClock.Instant) -> Double? {
        reasoningStarted.map { (reasoningEnded ?? now).seconds(since: $0) }
    }

    /// Decode speed so far, without the first token; nil until it is meaningful.
    func tokensPerSecond(now: ContinuousClock.Instant) -> Double? {
        guard let firstToken, tokens > 1 else { return nil }
        let seconds = now.seconds(since: firstToken)
        return seconds > 0.05 ? Double(tokens - 1) / seconds : nil
    }
}
