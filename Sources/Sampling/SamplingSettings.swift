/// The settings that determine how the next token is chosen from the model's logits.
///
/// The defaults are llama.cpp's, so that its users get familiar replies. A sampler whose setting has its neutral value
/// ("off" below) does nothing.
public struct SamplingSettings: Sendable, Equatable, Codable {
    /// Divides the logits; 0 always takes the likeliest token (greedy). Range 0…5.
    public var temperature: Float = 0.8
    /// Half-width of the dynamic temperature range around `temperature`; 0 is off. Range 0…5.
    public var dynamicTemperatureRange: Float = 0
    /// Exponent applied to the normalised entropy in the dynamic temperature. Range 0…10.
    public var dynamicTemperatureExponent: Float = 1
    /// Keeps the k likeliest tokens; 0 is off.
    public var topK: Int = 40
    /// Keeps the smallest set of the likeliest tokens whose probabilities add up to this; 1 is off.
    public var topP: Float = 0.95
    /// Removes tokens whose probability is below this fraction of the likeliest token's; 0 is off.
    public var minP: Float = 0.05
    /// Locally typical sampling (Meister et al. 2022): keeps tokens of near-average surprise; 1 is off.
    public var typicalP: Float = 1
    /// Keeps tokens whose logit is within n standard deviations of the largest; 0 is off.
    public var topNSigma: Float = 0
    /// Chance that XTC removes the likeliest of several good tokens; 0 is off.
    public var xtcProbability: Float = 0
    /// Minimum probability of a good token for XTC; above 0.5 is off.
    public var xtcThreshold: Float = 0.1
    /// The number of latest tokens that penalties apply to; 0 is off, -1 is the whole context.
    public var repeatLastN: Int = 64
    /// Divides (or multiplies, when negative) the logit of each recent token; 1 is off.
    public var repeatPenalty: Float = 1
    /// Subtracted once from the logit of each recent token; 0 is off.
    public var presencePenalty: Float = 0
    /// Subtracted from the logit of each recent token for each of its occurrences; 0 is off.
    public var frequencyPenalty: Float = 0
    /// Strength of the DRY ("don't repeat yourself") penalty; 0 is off.
    public var dryMultiplier: Float = 0
    /// Base of DRY's exponential growth with the length of the repetition.
    public var dryBase: Float = 1.75
    /// The longest repetition, in tokens, without a penalty.
    public var dryAllowedLength: Int = 2
    /// The number of latest tokens that DRY searches; 0 is off, -1 is the whole context.
    public var dryPenaltyLastN: Int = -1
    /// Texts that repetitions found by DRY never span.
    public var drySequenceBreakers: [String] = ["\n", ":", "\"", "*"]
    /// Replaces the truncation samplers with a controller of surprise (Basu et al. 2021).
    public var mirostat: Mirostat = .off
    /// Mirostat's target surprise in bits.
    public var mirostatTau: Float = 5
    /// Mirostat's learning rate.
    public var mirostatEta: Float = 0.1
    /// Added to the logits of individual tokens, by token id; negative infinity forbids a token.
    public var logitBias: [Int32: Float] = [:]
    /// The random seed; nil for a new one in every reply (each reply records the seed it used).
    public var seed: UInt64?

    public init() {}

    /// The version of Mirostat.
    public enum Mirostat: Int, Sendable, Codable, CaseIterable {
        case off = 0, v1 = 1, v2 = 2
    }
}
