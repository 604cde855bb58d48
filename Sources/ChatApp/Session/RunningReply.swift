import Chat
import Foundation

/// The reply that is being made.
public struct RunningReply: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        case starting
        case loading(name: String, fraction: Double)
        /// Prompt tokens read of all; `cached` of them were there before.
        case prefill(done: Int, total: Int, cached: Int)
        case streaming
    }

    public var id: ReplyID
    public var phase: Phase = .starting
    /// The message that is answered.
    public var parent: Message.ID
    /// What was shown before; shown again if the reply ends without a word.
    public var previousHead: Message.ID?
    /// The reply's place in the conversation; nil until its first text.
    public var message: Message.ID?
    /// The message as it was, where the reply goes on from what stands there; nil where it is a new one.
    public var continued: Message?
    /// Whether its tokens are known from its first one on.
    public var keepsTokens = true
    /// Its tokens before it has a place in the conversation.
    public var early: [ReplyToken] = []
    public var model: ModelReference
    public var settings: GenerationSettings
    public var seed: UInt64?
    public var tokens = 0
    /// Of these, how many the model has thought with.
    public var reasoningTokens = 0
    /// When it began to think, and when its answer began.
    public var reasoningStarted: Date?
    public var reasoningEnded: Date?
    /// What the status line shows of these.
    var figures: ShownFigures?
    public var started: Date
    public var prefillStarted: Date?
    public var firstToken: Date?
    /// The person has asked it to stop.
    public var isStopping = false

    /// Seconds that it has thought; nil where it has not.
    func reasoningSeconds(now: Date) -> Double? {
        reasoningStarted.map { (reasoningEnded ?? now).timeIntervalSince($0) }
    }

    /// Decode speed so far, first token excluded; nil until there is one to speak of.
    func tokensPerSecond(now: Date) -> Double? {
        guard let firstToken, tokens > 1 else { return nil }
        let seconds = now.timeIntervalSince(firstToken)
        return seconds > 0.05 ? Double(tokens - 1) / seconds : nil
    }
}
