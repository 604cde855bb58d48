import Tokenizers

/// A smaller model with the same vocabulary, which says what the large one will probably say.
///
/// It computes with the engine's threads and keeps a cache of its own by the same rule: what the text still begins with
/// stays.
final class DraftModel {
    private let decoder: Decoder
    private let vocabularyCount: Int
    /// Tokens that its window holds; beyond, it says nothing.
    private let capacity: Int
    private var cached: [Int32] = []
    /// Tokens of the latest pass.
    private var passCount = 0
    /// What one drafted token takes; nil until measured.
    private(set) var secondsPerToken: Double?

    init(_ draft: Model, for model: Model, compute: Compute, plan: MemoryPlan, cacheType: KVCacheType)
        throws(EngineError)
    {
        capacity = min(plan.contextLength, draft.config.trainedContext)
        decoder = try Decoder(
            draft, compute: compute, contextLength: capacity, cacheType: cacheType,
            prefillBatch: min(plan.prefillBatch, capacity))
        vocabularyCount = min(draft.summary.vocabularyCount, model.summary.vocabularyCount)
    }

    /// The likeliest tokens after a text, one after the other; none where the text does not fit its window, holds tokens
    /// that it does not know, or its numbers fail. Cancelled while it reads, it drafts nothing.
    func draft(after text: [Int32], count: Int, isCancelled: () -> Bool) throws(EngineError) -> [Int32] {
        guard count > 0, !text.isEmpty, text.count + count <= capacity else { return [] }
        let start = ContinuousClock.now
        let kept = min(commonLength(text), text.count - 1)
        cached.removeSubrange(kept...)
        guard text[kept...].allSatisfy({ $0 >= 0 && Int($0) < vocabularyCount }) else { return [] }
        do throws(EngineError) {
            while cached.count < text.count {
                try advance(text[cached.count..<min(cached.count + decoder.prefillBatch, text.count)], isCancelled)
            }
            var draft: [Int32] = []
            while let next = try likeliest() {
                draft.append(next)
                guard draft.count < count else { break }
                try advance([next], isCancelled)
            }
            // Reading a prompt, or much that came without it, is another thing than drafting.
            if text.count - kept <= Decoder.logitBatch, !draft.isEmpty {
                let seconds = (ContinuousClock.now - start).seconds / Double(draft.count)
                secondsPerToken = secondsPerToken.map { $0 + (min(seconds, 2 * $0) - $0) / 8 } ?? seconds
            }
            return draft
        } catch .cancelled {
            return []
        }
    }

    private func advance(_ tokens: ArraySlice<Int32>, _ isCancelled: () -> Bool) throws(EngineError) {
        try decoder.forward(tokens, at: cached.count, isCancelled: isCancelled)
        cached += tokens
        passCount = tokens.count
    }

    /// After the latest token; nil where the numbers fail.
    private func likeliest() throws(EngineError) -> Int32? {
        guard let logits = try decoder.logits(rows: passCount - 1..<passCount) else { return nil }
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
    /// Throws where a model's tokens are not this one's: its drafts would mean something else.
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
