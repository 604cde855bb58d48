import Foundation

/// Mirostat (Basu et al. 2021, "A neural text decoding algorithm that directly controls perplexity"): limits the
/// surprise of the next token, and adjusts the limit after every token so that the surprise averages τ bits.
///
///     µ ← µ − η · (surprise − τ),   surprise = −log2 p(token) among the candidates kept,   µ = 2τ at first
struct Mirostat: SamplerStep {
    var kind: SamplerStepKind { .mirostat }
    let version: SamplingSettings.Mirostat
    /// Target surprise in bits.
    let tau: Float
    /// Learning rate.
    let eta: Float
    /// The size of the vocabulary.
    let vocabularyCount: Int

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let limit = state.surpriseLimit ?? 2 * Double(tau)
        state.surpriseLimit = limit
        switch version {
        case .off: break
        case .v1: keepZipf(&candidates, limit: limit)
        case .v2: keepUnsurprising(&candidates, limit: limit)
        }
    }

    /// Adjusts the limit after a token with the given probability among the candidates kept.
    func observe(probability: Double, state: inout SamplerState) {
        let surprise = -log2(probability)
        guard surprise.isFinite, let limit = state.surpriseLimit else { return }
        state.surpriseLimit = limit - Double(eta) * (surprise - Double(tau))
    }

    /// Version 2 removes tokens whose surprise exceeds the limit.
    private func keepUnsurprising(_ candidates: inout Candidates, limit: Double) {
        let softmax = Softmax(candidates)
        let least = exp2(-limit) * softmax.total
        candidates.keep { index, _ in Double(softmax.weights[index]) >= least }
    }

    /// Version 1 assumes a Zipf distribution, estimates its exponent s from the 100 likeliest tokens by least squares,
    /// and keeps the k likeliest tokens, with the k that gives the target surprise:
    ///
    ///     s = Σ t·b / Σ t²,   t = ln((i+2)/(i+1)),   b = ln(p_i / p_(i+1)),   ε = s − 1
    ///     k = (ε · 2^µ / (1 − N^−ε))^(1/s),   N the size of the vocabulary
    private func keepZipf(_ candidates: inout Candidates, limit: Double) {
        let likeliest = LargestSelection.indices(of: min(100, candidates.count), in: candidates.logits)
            .map { Double(candidates.logits[$0]) }
        var products = 0.0
        var squares = 0.0
        for index in likeliest.indices.dropLast() {
            let t = log(Double(index + 2) / Double(index + 1))
            products += t * (likeliest[index] - likeliest[index + 1])
            squares += t * t
        }
        let s = products / squares
        let epsilon = s - 1
        let k = pow(epsilon * exp2(limit) / (1 - pow(Double(vocabularyCount), -epsilon)), 1 / s)
        // Without a valid estimate (a single candidate, forbidden ones), keep the likeliest token.
        candidates.keepLargest(k.isNaN ? 1 : Int(min(max(k, 1), Double(candidates.count))))
    }
}
