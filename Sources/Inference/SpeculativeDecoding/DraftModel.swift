import Tokenizers

/// A smaller model with the same vocabulary, which predicts the tokens of the large one.
///
/// It uses the engine's threads and has a KV cache of its own, which keeps the longest common prefix with the text.
final class DraftModel {
    private let runner: any Runner
    private let vocabularyCount: Int
    /// Its context length. It drafts nothing for longer texts.
    private let capacity: Int
    private var cached: [Int32] = []
    /// Tokens of the latest pass.
    private var passCount = 0
    /// The time per drafted token; nil until measured.
    private(set) var secondsPerToken: Double?

    init(_ draft: Model, for model: Model, compute: Compute, plan: MemoryPlan, options: EngineOptions)
        throws(EngineError)
    {
        capacity = min(plan.contextLength, draft.summary.trainedContext)
        runner = try draft.runner(
            compute: compute, contextLength: capacity, prefillBatch: min(plan.prefillBatch, capacity), options)
        vocabularyCount = min(draft.summary.vocabularyCount, model.summary.vocabularyCount)
    }

    /// The `count` likeliest next tokens after a text, chosen one by one. Fewer or none if the text does not fit its
    /// context or has tokens that it does not know, if its logits are not finite, or if it is cancelled.
    func draft(after text: [Int32], count: Int, isCancelled: () -> Bool) throws(EngineError) -> [Int32] {
        guard count > 0, !text.isEmpty, text.count + count <= capacity else { return [] }
        let start = ContinuousClock.now
        let kept = runner.resumePosition(upTo: min(commonLength(text), text.count - 1))
        cached.removeSubrange(kept...)
        guard text[kept...].allSatisfy({ $0 >= 0 && Int($0) < vocabularyCount }) else { return [] }
        do throws(EngineError) {
            while cached.count < text.count {
                try advance(text[cached.count..<min(cached.count + runner.prefillBatch, text.count)], isCancelled)
            }
            var draft: [Int32] = []
            while let next = try likeliest() {
                draft.append(next)
                guard draft.count < count else { break }
                try advance([next], isCancelled)
            }
            // Do not count prefill, of a prompt or of many tokens that were not drafted.
            if text.count - kept <= runner.logitBatch, !draft.isEmpty {
                let seconds = (ContinuousClock.now - start).seconds / Double(draft.count)
                secondsPerToken = secondsPerToken.map { $0 + (min(seconds, 2 * $0) - $0) / 8 } ?? seconds
            }
            return draft
        } catch .cancelled {
            return []
        }
    }

    /// As `Engine.interleaveNext`.
    func interleaveNext() -> Bool { runner.prepareNext() }

    private func advance(_ tokens: ArraySlice<Int32>, _ isCancelled: () -> Bool) throws(EngineError) {
        try runner.forward(tokens, at: cached.count, logits: .ofLast) { _ in isCancelled() }
        cached += tokens
        passCount = tokens.count
    }

    /// The likeliest token after the latest one; nil if the logits are not finite.
    private func likeliest() throws(EngineError) -> Int32? {
        guard let logits = try runner.logits(rows: passCount - 1..<passCount) else { return nil }
        var best = 0
        for token in 0..<vocabularyCount where logits[token] > logits[best] { best = token }
        return Int32(best)
    }

    private func commonLength(_ text: [Int32]) -> Int {
        var length = 0
        while length < cached.count, length < text.count, cached[length] == text[length] { length += 1 }
        return length
    }
}

extension Model {
    /// Throws if the draft model's tokens differ from this model's, so that its drafts would be meaningless.
    func checkVocabulary(of draft: Model) throws(EngineError) {
        let difference: Int32?
        switch (tokenizer, draft.tokenizer) {
        case (let own?, let other?): difference = own.vocabulary.firstDifference(from: other.vocabulary)
        case (nil, nil):
            let same = summary.vocabularyCount == draft.summary.vocabularyCount
            difference = same ? nil : Int32(min(summary.vocabularyCount, draft.summary.vocabularyCount))
        default: difference = 0
        }
        if let difference {
            throw .draftVocabulary(draft: draft.summary.name, model: summary.name, token: difference)
        }
    }
}
