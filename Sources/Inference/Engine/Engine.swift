import Foundation

/// Runs one model: reads prompts, writes replies, measures itself.
///
/// An actor on a thread of its own. Replies are made one at a time and without suspension between tokens; what was
/// computed for one prompt is kept for the next that begins the same way.
public actor Engine {
    public nonisolated let model: Model
    /// Tokens that prompt and reply may take together.
    public nonisolated let contextLength: Int
    public nonisolated let threads: Int
    nonisolated let thread: EngineThread
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    let decoder: Decoder
    /// The tokens whose keys and values stand in the decoder's cache, from position 0 on.
    var cached: [Int32] = []
    var window: ContextWindow
    /// Tokens of the latest pass through the decoder.
    private(set) var passCount = 0
    let draftModel: DraftModel?
    package var passCosts: PassCosts

    /// Sets up threads, cache and buffers; throws when the machine cannot hold them.
    ///
    /// - Parameter draft: a smaller model with the same vocabulary, to speed up the replies of this one.
    public init(model: Model, draft: Model? = nil, options: EngineOptions = .init()) throws(EngineError) {
        if let draft { try model.checkVocabulary(of: draft) }
        let plan = try MemoryPlan(model: model, draft: draft, options: options)
        let threads = options.threads ?? Machine.physicalCores
        let compute = try Compute(threads: threads, instructionSet: options.instructionSet ?? .best)
        decoder = try Decoder(
            model, compute: compute, contextLength: plan.contextLength, cacheType: options.cacheType,
            prefillBatch: plan.prefillBatch)
        draftModel = try draft.map { (draft) throws(EngineError) in
            try DraftModel(draft, for: model, compute: compute, plan: plan, cacheType: options.cacheType)
        }
        passCosts = PassCosts(mostTokens: decoder.batchInvariantTokens)
        self.model = model
        self.threads = threads
        contextLength = plan.contextLength
        window = ContextWindow(limit: plan.contextLength)
        thread = EngineThread()
    }

    /// Makes one reply. Errors end the stream; see `GenerationRequest.isCancelled` for stopping.
    public nonisolated func generate(_ request: GenerationRequest) -> AsyncThrowingStream<EngineEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await self.run(request) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// The same without a stream: every event is told by the engine's own thread, and the next token waits for it. For
    /// listeners that put it aside and need nobody woken up.
    public func generate(_ request: GenerationRequest, tell: @Sendable (EngineEvent) -> Void) throws(EngineError) {
        try run(request, emit: tell)
    }

    /// Brings the cache to hold exactly `tokens`, keeping the longest beginning that it shares with them; at least the
    /// last token is computed anew, so that its logits are at hand.
    ///
    /// - Parameter progress: called with the number of tokens in the cache, before the first chunk and after each.
    /// - Returns: how many tokens were kept.
    @discardableResult
    func prefill(
        _ tokens: [Int32], isCancelled: () -> Bool = { Task.isCancelled }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> Int {
        try check(tokens)
        let kept = min(zip(cached, tokens).prefix { $0 == $1 }.count, tokens.count - 1)
        cached.removeSubrange(kept...)
        progress(kept, kept)
        while cached.count < tokens.count {
            // The last token gets a pass of its own, or one as good: when a reply is made again, all of its prompt but
            // that token is in the cache, and it has to start from the very same bits.
            let left = tokens.count - cached.count
            let count = left <= decoder.batchInvariantTokens ? left : min(decoder.prefillBatch, left - 1)
            try advance(tokens[cached.count..<cached.count + count], isCancelled: isCancelled)
            progress(cached.count, kept)
        }
        return kept
    }

    /// Runs tokens through the model after those in the cache.
    func advance(_ tokens: ArraySlice<Int32>, isCancelled: () -> Bool) throws(EngineError) {
        try decoder.forward(tokens, at: cached.count, isCancelled: isCancelled)
        cached += tokens
        passCount = tokens.count
    }

    /// The logits after the latest token. [vocabulary]
    func lastLogits() throws(EngineError) -> UnsafeBufferPointer<Float> {
        try logits(rows: passCount - 1..<passCount)
    }

    /// The logits after tokens of the latest pass, checked to be finite. [rows][vocabulary]
    func logits(rows: Range<Int>) throws(EngineError) -> UnsafeBufferPointer<Float> {
        guard let logits = try decoder.logits(rows: rows) else { throw .notFinite(position: cached.count - 1) }
        return logits
    }

    func check(_ tokens: [Int32]) throws(EngineError) {
        guard !tokens.isEmpty else { throw .emptyPrompt }
        guard tokens.count <= contextLength else { throw .promptTooLong(tokens: tokens.count, limit: contextLength) }
        let count = model.summary.vocabularyCount
        if let stranger = tokens.first(where: { $0 < 0 || Int($0) >= count }) {
            throw .tokenOutOfRange(stranger, vocabulary: count)
        }
    }
}
