/// The state of speculative decoding in one reply. (Leviathan et al. 2023, Chen et al. 2023.)
///
/// A pass through the model processes the reply's latest token and several drafted ones that may follow. The sampler then
/// chooses token by token, from the model's own logits, with the usual chain and random numbers. If a chosen token was
/// drafted, its logits are known already; the first one that was not drafted invalidates the rest of the draft. So
/// choices never depend on drafts: the distribution is exactly the model's. And since passes are batch-invariant
/// (sotto_batch_invariant_tokens), even the tokens of a reply are the same as without speculative decoding.
struct SpeculativeDecoding {
    /// The prompt and the reply so far.
    private(set) var text: NGramIndex
    /// The number of tokens of the text that are in the cache; the cache's other tokens are drafted.
    private(set) var count: Int
    /// The logits after the pass's first token and after each drafted one, and the row for the next token.
    fileprivate var logits: UnsafeBufferPointer<Float>?
    fileprivate var row = 0
    /// The duration of the latest pass without its logits; nil for the prompt's.
    fileprivate var passSeconds: Double?
    private var source = DraftSource.model
    fileprivate var acceptance = AcceptanceRates()
    /// The number of drafted tokens, and of accepted ones among them.
    private(set) var drafted = 0
    private(set) var accepted = 0

    /// - Parameter prompt: must be in the cache, with its end computed by the latest pass.
    init(prompt: [Int32]) {
        text = NGramIndex(prompt)
        count = prompt.count
    }

    /// Adds the chosen token. Returns true if it was drafted, so that its logits are known already.
    fileprivate mutating func accept(_ token: Int32, drafted: ArraySlice<Int32>) -> Bool {
        text.append(token)
        guard let expected = drafted.first else { return false }
        let isAccepted = token == expected
        acceptance.record(source, at: row, isAccepted: isAccepted)
        guard isAccepted else { return false }
        accepted += 1
        row += 1
        count += 1
        return true
    }

    fileprivate mutating func begin(_ draft: [Int32], from source: DraftSource, seconds: Double) {
        self.source = source
        drafted += draft.count
        passSeconds = seconds
        logits = nil
        row = 0
        count += 1
    }
}

extension Engine {
    /// The logits for the reply's next token. [vocabulary]
    func logits(_ ahead: inout SpeculativeDecoding) throws(EngineError) -> UnsafeBufferPointer<Float> {
        let vocabulary = model.summary.vocabularyCount
        if ahead.logits == nil {
            let start = ContinuousClock.now
            let rows = cached.count - ahead.count + 1
            ahead.logits = try logits(rows: passCount - rows..<passCount)
            if let seconds = ahead.passSeconds {
                passCosts.record(seconds + (ContinuousClock.now - start).seconds, tokens: rows)
            }
        }
        guard let logits = ahead.logits else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(rebasing: logits[ahead.row * vocabulary..<(ahead.row + 1) * vocabulary])
    }

    /// Adds the chosen token to the cache. If it was not drafted, this takes a pass, which includes a new draft.
    ///
    /// - Parameter most: the maximum number of drafted tokens.
    func append(
        _ token: Int32, to ahead: inout SpeculativeDecoding, drafting most: Int, isCancelled: () -> Bool
    ) throws(EngineError) {
        if ahead.accept(token, drafted: cached[ahead.count...]) { return }
        dropDraft(ahead)
        let (draft, source) = try draft(&ahead, most: min(most, passCosts.mostTokens - 1), isCancelled: isCancelled)
        let start = ContinuousClock.now
        try advance(ArraySlice([token] + draft), isCancelled: { _ in false })
        ahead.begin(draft, from: source, seconds: (ContinuousClock.now - start).seconds)
    }

    /// Removes drafted tokens that were not chosen from the cache.
    func dropDraft(_ ahead: SpeculativeDecoding) { cached.removeSubrange(ahead.count...) }

    /// The draft with the most expected tokens per second; empty if none is worth its cost.
    private func draft(
        _ ahead: inout SpeculativeDecoding, most: Int, isCancelled: () -> Bool
    ) throws(EngineError) -> ([Int32], DraftSource) {
        guard most > 0 else { return ([], .model) }
        let match = ahead.text.match
        let fromLookup = match.map { match in
            passCosts.best(chances: ahead.acceptance.estimates(.lookup(length: match.length), count: most))
        }
        let fromModel = draftModel.map { model in
            passCosts.best(
                chances: ahead.acceptance.estimates(.model, count: most), draftSeconds: model.secondsPerToken ?? 0)
        }
        if let draftModel, let fromModel, fromModel.count > 0, fromModel.rate > fromLookup?.rate ?? 0 {
            let draft = try draftModel.draft(
                after: ahead.text.tokens, count: fromModel.count, isCancelled: isCancelled)
            return (draft, .model)
        }
        if fromModel?.count == 0 { ahead.acceptance.recordUnused(.model) }
        guard let match, let fromLookup else { return ([], .model) }
        let source = DraftSource.lookup(length: match.length)
        if fromLookup.count == 0 { ahead.acceptance.recordUnused(source) }
        return (ahead.text.continuation(match, count: fromLookup.count), source)
    }
}
