import Foundation

/// Chooses the next token: applies the samplers that the settings enable to the model's logits, then draws.
///
/// The order is llama.cpp's: logit bias, penalties, DRY, top-nσ, top-k, typical-p, top-p, min-p, XTC, temperature,
/// draw. Mirostat replaces the truncation samplers and comes after the temperature. Disabled samplers are not part of the
/// chain. At temperature 0, the likeliest token after bias, penalties and DRY is chosen, regardless of other settings.
///
/// This is a value type: copies continue independently with the same history and random numbers.
public struct SamplerChain: Sendable {
    public private(set) var settings: SamplingSettings
    private let vocabularyCount: Int
    let breakerVocabulary: BreakerVocabulary
    private var breakers: SequenceBreakers?
    private(set) var steps: [any SamplerStep] = []
    private var mirostat: Mirostat?
    private(set) var state: SamplerState
    /// The candidates that remain after the latest `apply`.
    private var candidates = Candidates(logits: [])
    /// Their probabilities, if the latest `sample` calculated them.
    private var drawn: Softmax?

    /// - Parameters:
    ///   - seed: the random seed. The same seed, settings and logits give the same tokens. The seed in the settings is
    ///     not used; callers choose one from it.
    ///   - vocabularyCount: the number of logits, for Mirostat 1.
    ///   - breakers: the tokenizer, as far as DRY needs it; used only if DRY is on.
    public init(
        settings: SamplingSettings, seed: UInt64, vocabularyCount: Int, breakers: BreakerVocabulary = .none
    ) {
        self.settings = settings
        self.vocabularyCount = vocabularyCount
        breakerVocabulary = breakers
        state = SamplerState(
            history: TokenHistory(window: settings.repeatLastN), random: RandomSource(seed: seed))
        rebuild()
    }

    /// Changes the settings from the next token on. Keeps history, random numbers and Mirostat's limit.
    public mutating func update(_ settings: SamplingSettings) {
        guard settings != self.settings else { return }
        if settings.drySequenceBreakers != self.settings.drySequenceBreakers { breakers = nil }
        self.settings = settings
        state.history.count(latest: settings.repeatLastN)
        rebuild()
    }

    /// Adds a token of the prompt or the reply to the history for penalties and DRY.
    public mutating func accept(_ token: Int32) { state.history.append(token) }

    /// Chooses a token, given one logit per token of the vocabulary. Does not accept it yet.
    ///
    /// NaN counts as forbidden. Returns 0 if all tokens are forbidden or there are none.
    public mutating func sample(logits: UnsafeBufferPointer<Float>) -> Int32 {
        apply(logits)
        if isGreedy { return candidates.token(at: candidates.likeliest) }
        let draw = Draw(candidates, number: state.random.uniform())
        drawn = draw.softmax
        mirostat?.observe(probability: draw.probability, state: &state)
        return candidates.token(at: draw.index)
    }

    /// Applies the samplers like `sample`, but draws nothing: for text whose tokens are known.
    public mutating func apply(_ logits: UnsafeBufferPointer<Float>) {
        drawn = nil
        candidates.load(logits)
        for step in steps { step.apply(to: &candidates, state: &state) }
    }

    /// The probabilities of a token and of the likeliest tokens, after `sample` or `apply` with the same logits.
    ///
    /// - Parameters:
    ///   - count: the number of alternatives to report, at least one.
    ///   - expSum: calculates Σ exp(logit − largest) over all logits, given the largest.
    public func report(
        on token: Int32, logits: UnsafeBufferPointer<Float>, alternatives count: Int, expSum: (Float) -> Double
    ) -> TokenReport {
        let likeliest = LargestSelection.indices(of: max(count, 1), in: logits).prefix(max(count, 1))
        let largest = likeliest.first.map { logits[$0] } ?? 0
        let total = expSum(largest)
        let left = isGreedy ? nil : drawn ?? Softmax(candidates)
        let greedy = isGreedy ? candidates.token(at: candidates.likeliest) : nil
        func probabilities(of token: Int32) -> TokenProbabilities {
            let before = logits.indices.contains(Int(token)) ? exp(Double(logits[Int(token)] - largest)) / total : 0
            let after = left.map { left in candidates.index(of: token).map(left.probability) ?? 0 }
            return TokenProbabilities(
                token: token, before: Float(before), after: Float(after ?? (token == greedy ? 1 : 0)))
        }
        return TokenReport(
            chosen: probabilities(of: token), alternatives: likeliest.map { probabilities(of: Int32($0)) })
    }

    /// A snapshot for trying out other settings.
    public func snapshot(logits: UnsafeBufferPointer<Float>) -> NextToken {
        var chain = self
        chain.candidates = Candidates(logits: [])
        chain.drawn = nil
        return NextToken(logits: Array(logits), chain: chain)
    }

    /// The distribution that `sample` would draw from for these logits: the remaining candidates with their
    /// probabilities, likeliest first. Changes nothing.
    public func distribution(logits: [Float]) -> [TokenProbability] {
        var copy = self
        var candidates = Candidates(logits: logits)
        for step in steps { step.apply(to: &candidates, state: &copy.state) }
        if isGreedy { candidates.keepLargest(1) }
        return TokenProbability.list(candidates, count: candidates.count)
    }

    var isGreedy: Bool { !(settings.temperature > 0 || settings.dynamicTemperatureRange > 0) }

    private mutating func rebuild() {
        mirostat =
            settings.mirostat == .off || isGreedy
            ? nil
            : Mirostat(
                version: settings.mirostat, tau: settings.mirostatTau, eta: settings.mirostatEta,
                vocabularyCount: vocabularyCount)
        steps = adjustments()
        guard !isGreedy else { return }
        steps += mirostat.map { [temperature, $0] } ?? truncations() + [temperature]
    }

    /// The samplers that change individual logits.
    private mutating func adjustments() -> [any SamplerStep] {
        var steps: [any SamplerStep] = []
        let set = settings
        if !set.logitBias.isEmpty { steps.append(LogitBias(biases: set.logitBias)) }
        if set.repeatPenalty != 1 || set.presencePenalty != 0 || set.frequencyPenalty != 0 {
            steps.append(
                Penalties(
                    repetition: set.repeatPenalty > 0 ? set.repeatPenalty : 1, presence: set.presencePenalty,
                    frequency: set.frequencyPenalty))
        }
        if set.dryMultiplier != 0, set.dryBase >= 1, set.dryPenaltyLastN != 0 {
            let breakers =
                self.breakers
                ?? SequenceBreakers(texts: set.drySequenceBreakers, vocabulary: breakerVocabulary)
            self.breakers = breakers
            steps.append(
                DontRepeatYourself(
                    multiplier: set.dryMultiplier, base: set.dryBase, allowedLength: max(set.dryAllowedLength, 0),
                    window: set.dryPenaltyLastN, breakers: breakers))
        }
        return steps
    }

    /// The samplers that remove unlikely candidates.
    private func truncations() -> [any SamplerStep] {
        var steps: [any SamplerStep] = []
        if settings.topNSigma > 0 { steps.append(TopNSigma(n: settings.topNSigma)) }
        if settings.topK > 0 { steps.append(TopK(k: settings.topK)) }
        if settings.typicalP < 1 { steps.append(TypicalP(p: settings.typicalP)) }
        if settings.topP < 1 { steps.append(TopP(p: settings.topP)) }
        if settings.minP > 0 { steps.append(MinP(p: settings.minP)) }
        if settings.xtcProbability > 0, settings.xtcThreshold <= 0.5 {
            steps.append(
                ExcludeTopChoices(
                    probability: settings.xtcProbability, threshold: settings.xtcThreshold))
        }
        return steps
    }

    private var temperature: Temperature {
        Temperature(
            temperature: settings.temperature, range: settings.dynamicTemperatureRange,
            exponent: settings.dynamicTemperatureExponent)
    }
}
