/// Tokens computed before they are chosen. (Speculative decoding: Leviathan et al. 2023, Chen et al. 2023.)
///
/// A pass through the model takes the reply's latest token and some drafted ones that may follow it. The sampler then
/// chooses token by token, each from the model's own logits after the tokens before it, with the same chain and the same
/// random numbers as ever; a choice that was drafted has been computed already, and the first that was not makes the rest of
/// the draft void. What is chosen therefore never depends on what was drafted: the distribution is the model's, not nearly
/// but exactly, and as long as the logits of a shared pass are those of single passes bit for bit (sotto_batch_invariant_tokens), so
/// is every token of a reply.
struct SpeculativeDecoding {
    /// The prompt and the reply so far.
    private(set) var text: NGramIndex
    /// How many tokens of the text are in the cache; those in it beyond are drafted.
    private(set) var count: Int
    /// The logits after the pass's drafted tokens and the one before them, and which row of them is the next token's.
    fileprivate var logits: UnsafeBufferPointer<Float>?
    fileprivate var row = 0
    /// What the latest pass took without its logits; nil for a prompt's.
    fileprivate var passSeconds: Double?
    private var origin = DraftSource.model
    fileprivate var trust = AcceptanceRates()
    /// Tokens that were drafted, and of those how many were chosen.
    private(set) var drafted = 0
    private(set) var accepted = 0

    /// - Parameter prompt: all in the cache, and the latest pass was its end.
    init(prompt: [Int32]) {
        text = NGramIndex(prompt)
        count = prompt.count
    }

    /// Takes the chosen token. True where it was drafted, so that its logits are known already.
    fileprivate mutating func take(_ token: Int32, drafted: ArraySlice<Int32>) -> Bool {
        text.append(token)
        guard let expected = drafted.first else { return false }
        let isRight = token == expected
        trust.record(origin, at: row, isRight: isRight)
        guard isRight else { return false }
        accepted += 1
        row += 1
        count += 1
        return true
    }

    fileprivate mutating func begin(_ draft: [Int32], from origin: DraftSource, seconds: Double) {
        self.origin = origin
        drafted += draft.count
        passSeconds = seconds
        logits = nil
        row = 0
        count += 1
    }
}

extension Engine {
    /// The logits that the reply's next token is to be chosen from. [vocabulary]
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

    /// Brings the chosen token into the cache: at once where it was drafted, else by a pass that takes a new draft along.
    ///
    /// - Parameter most: how many drafted tokens there may be.
    func append(
        _ token: Int32, to ahead: inout SpeculativeDecoding, drafting most: Int, isCancelled: () -> Bool
    ) throws(EngineError) {
        if ahead.take(token, drafted: cached[ahead.count...]) { return }
        dropDraft(ahead)
        let (draft, origin) = try draft(&ahead, most: min(most, passCosts.widest - 1), isCancelled: isCancelled)
        let start = ContinuousClock.now
        try advance(ArraySlice([token] + draft), isCancelled: { false })
        ahead.begin(draft, from: origin, seconds: (ContinuousClock.now - start).seconds)
    }

    /// Takes what was drafted and not chosen out of the cache.
    func dropDraft(_ ahead: SpeculativeDecoding) { cached.removeSubrange(ahead.count...) }

    /// The draft that promises the most tokens per second, if any promises more than none.
    private func draft(
        _ ahead: inout SpeculativeDecoding, most: Int, isCancelled: () -> Bool
    ) throws(EngineError) -> ([Int32], DraftSource) {
        guard most > 0 else { return ([], .model) }
        let match = ahead.text.match
        let looked = match.map { match in
            passCosts.best(chances: ahead.trust.chances(.lookup(length: match.length), count: most))
        }
        let said = draftModel.map { model in
            passCosts.best(
                chances: ahead.trust.chances(.model, count: most),
                draftSeconds: model.secondsPerToken ?? 0)
        }
        if let draftModel, let said, said.count > 0, said.rate > looked?.rate ?? 0 {
            let draft = try draftModel.draft(after: ahead.text.tokens, count: said.count, isCancelled: isCancelled)
            return (draft, .model)
        }
        if said?.count == 0 { ahead.trust.passOver(.model) }
        guard let match, let looked else { return ([], .model) }
        let origin = DraftSource.lookup(length: match.length)
        if looked.count == 0 { ahead.trust.passOver(origin) }
        return (ahead.text.continuation(match, count: looked.count), origin)
    }
}
