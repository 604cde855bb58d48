import Jinja
import Sampling

/// What to reply to and how.
public struct GenerationRequest: Sendable {
    public var prompt: Prompt
    /// Called before every token, so that a changed setting takes effect with the next one.
    public var options: @Sendable () -> GenerationOptions
    /// Called before every token and every layer of a prefill batch; true ends the reply with a `finished` event.
    /// (Cancelling the task that reads the events stops the engine too, but then nothing receives that event.)
    public var isCancelled: @Sendable () -> Bool

    public init(
        prompt: Prompt, options: @escaping @Sendable () -> GenerationOptions,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.prompt = prompt
        self.options = options
        self.isCancelled = isCancelled
    }
}

/// The limits of one reply and how its tokens are chosen.
public struct GenerationOptions: Sendable, Equatable {
    public var sampling: SamplingSettings
    /// Maximum length of the reply in tokens; 0 for as much as the context holds.
    public var maxTokens: Int
    /// Strings that end the reply and are not part of it.
    public var stop: [String]
    /// Speculative decoding: a faster reply, identical output.
    public var speculates: Bool
    /// Maximum length of the reasoning in tokens, after which the model has to answer; 0 for no limit.
    public var reasoningBudget: Int
    /// How many alternatives to report with every token; 0 reports no probabilities.
    public var alternatives: Int
    /// Whether to report the distribution of the next token about ten times a second.
    public var isWatched: Bool

    public init(
        sampling: SamplingSettings = .init(), maxTokens: Int = 2048, stop: [String] = [], speculates: Bool = true,
        reasoningBudget: Int = 0, alternatives: Int = 0, isWatched: Bool = false
    ) {
        self.sampling = sampling
        self.maxTokens = maxTokens
        self.stop = stop
        self.speculates = speculates
        self.reasoningBudget = reasoningBudget
        self.alternatives = alternatives
        self.isWatched = isWatched
    }
}

/// What the model reads before it replies.
public enum Prompt: Sendable {
    /// A conversation, rendered by the model's template. A last turn by the assistant is continued.
    /// `tools` and `extra` are passed to the template (`extra` has variables such as `enable_thinking`).
    case messages([ChatTurn], tools: JinjaValue? = nil, extra: [String: JinjaValue] = [:])
    /// Text to be continued, without a template. With `special` it may contain control tokens.
    case text(String, special: Bool)
    case tokens([Int32])
}

/// One message as a chat template sees it.
public struct ChatTurn: Sendable, Equatable {
    public enum Role: String, Sendable, CaseIterable {
        case system, user, assistant, tool
    }

    public var role: Role
    public var content: String
    /// The model's reasoning before its answer; the template decides whether the prompt includes it.
    public var reasoning: String?
    /// The tokens of a last turn by the assistant, if they are known; the reply then continues exactly these.
    public var tokens: [Int32]?

    public init(role: Role, content: String, reasoning: String? = nil, tokens: [Int32]? = nil) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.tokens = tokens
    }
}
