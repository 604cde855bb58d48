import Jinja
import Sampling

/// What to reply to, and how.
public struct GenerationRequest: Sendable {
    public var prompt: Prompt
    /// Read before every token, so that a changed setting works from the next one.
    public var options: @Sendable () -> GenerationOptions
    /// Asked before every token and every layer of a prefill chunk; true ends the reply early, with a `finished` event.
    /// (Cancelling the task that reads the events stops the engine as well, but then nobody is left to hear of it.)
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
    /// Tokens after which the reply is cut; 0 lets it run until the context is full.
    public var maxTokens: Int
    /// Texts that end the reply and are not part of it.
    public var stop: [String]
    /// Whether to compute ahead what will probably come. It changes the speed of a reply and nothing else.
    public var speculates: Bool
    /// Tokens after which the model is made to stop thinking and to answer; 0 lets it think on.
    public var reasoningBudget: Int
    /// How many alternatives to report with every token; 0 reports nothing.
    public var alternatives: Int
    /// Whether to tell of the next token's candidates now and then.
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

/// What the model reads before it writes.
public enum Prompt: Sendable {
    /// A conversation, rendered by the model's template. A last turn by the assistant is continued.
    /// `tools` and `extra` reach the template as they are (`extra` holds such things as `enable_thinking`).
    case messages([ChatTurn], tools: JinjaValue? = nil, extra: [String: JinjaValue] = [:])
    /// Text to be continued, without a template. `special` lets it contain control tokens.
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
    /// What the model thought before it answered; templates of reasoning models decide what becomes of it.
    public var reasoning: String?
    /// The tokens that a last turn by the assistant is made of, where they are known; they are continued as they are.
    public var tokens: [Int32]?

    public init(role: Role, content: String, reasoning: String? = nil, tokens: [Int32]? = nil) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.tokens = tokens
    }
}
