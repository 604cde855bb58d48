import Sampling

/// The settings for a conversation's replies: the sampler chain and the limits around it.
public struct GenerationSettings: Sendable, Equatable {
    public var sampling = SamplingSettings()
    /// Maximum length of a reply in tokens. Finite by default, so that no reply runs away.
    public var maxTokens = 2048
    /// Strings that end a reply; they are not part of it.
    public var stop: [String] = []
    /// Context size in tokens; 0 for as much as model and memory allow.
    public var contextLength = 0
    /// Speculative decoding: faster replies, identical output.
    public var speculation = true
    /// What ONNX Runtime computes with, for models in its format.
    public var onnxProvider = ONNXProvider.cpu
    public var thinking = Thinking.auto
    /// Maximum length of the reasoning in tokens, after which the model has to answer; 0 for no limit.
    public var reasoningBudget = 0

    public init() {}
}
