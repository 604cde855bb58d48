import Foundation
import Replies
import Synchronization

/// Runs one model: reads prompts, generates replies, runs benchmarks.
///
/// An actor with a thread of its own. It generates one reply at a time, without suspending between tokens. The KV cache
/// is reused for the next prompt as far as both begin with the same tokens.
public actor Engine {
    public nonisolated let model: Model
    /// Context size: the maximum number of tokens of prompt and reply together.
    public nonisolated let contextLength: Int
    public nonisolated let threads: Int
    public nonisolated let instructionSet: InstructionSet
    nonisolated let thread: EngineThread
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    let runner: any Runner
    /// The threads and kernels that it computes with.
    let compute: Compute
    /// The tokens whose keys and values are in the runner's memory, from position 0.
    var cached: [Int32] = []
    var trimmer: ContextTrimmer
    var tokenTexts: TokenTexts
    /// The model's warnings, until a reply has reported them.
    var unreportedWarnings: [ModelWarning]
    /// Number of tokens in the latest pass through the runner.
    private(set) var passCount = 0
    let draftModel: DraftModel?
    package var passCosts: PassCosts
    /// Whether there is memory for interleaved copies, and they are wanted.
    private let interleaves: Bool
    private nonisolated let hasInterleaved = Atomic(false)

    /// Allocates threads, cache and buffers; throws if there is not enough memory for them.
    ///
    /// - Parameter draft: a smaller model with the same vocabulary, for speculative decoding.
    public init(model: Model, draft: Model? = nil, options: EngineOptions = .init()) throws(EngineError) {
        if let draft { try model.checkVocabulary(of: draft) }
        let plan = try MemoryPlan(model: model, draft: draft, options: options)
        let threads = options.usedThreads
        instructionSet = options.usedInstructionSet
        let compute = try Compute(threads: threads, instructionSet: instructionSet)
        self.compute = compute
        compute.prefetch = options.kernels.prefetch
        runner = try model.runner(
            compute: compute, contextLength: plan.contextLength, prefillBatch: plan.prefillBatch, options)
        let canDraft = runner.batchInvariantTokens > 1
        draftModel = try draft.flatMap { (draft) throws(EngineError) in
            canDraft ? try DraftModel(draft, for: model, compute: compute, plan: plan, options: options) : nil
        }
        passCosts = PassCosts(mostTokens: runner.batchInvariantTokens)
        interleaves = plan.interleavedBytes > 0
        self.model = model
        self.threads = threads
        contextLength = plan.contextLength
        trimmer = ContextTrimmer(limit: plan.contextLength)
        tokenTexts = TokenTexts(model.tokenizer)
        unreportedWarnings = model.warnings + (draft != nil && !canDraft ? [.noDrafts] : [])
        thread = EngineThread()
    }

    /// Generates one reply. Errors end the stream; `GenerationRequest.isCancelled` stops the reply.
    public nonisolated func generate(_ request: GenerationRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
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

    /// Generates one reply without a stream: calls `onEvent` on the engine's own thread, which waits for it before the
    /// next token. No other thread is woken up.
    public func generate(
        _ request: GenerationRequest, onEvent: @Sendable (ReplyEvent) -> Void
    ) throws(EngineError) {
        try run(request, onEvent: onEvent)
    }

    /// Copies the next matrix into a form that is read faster, for use in idle time: it takes some milliseconds to some
    /// tens of them, and changes no bit of a reply. Returns false if there is nothing (left) to copy.
    public func interleaveNext() -> Bool {
        guard interleaves else { return false }
        let copied = runner.prepareNext() || draftModel?.interleaveNext() == true
        if !copied { hasInterleaved.store(true, ordering: .relaxed) }
        return copied
    }

    /// Whether all copies have been made: the originals of these matrices are not needed in memory any more.
    public nonisolated var isInterleaved: Bool { hasInterleaved.load(ordering: .relaxed) }

    /// Tokens at the end of a prompt that are computed on their own if the runner cannot begin anywhere.
    private static let tail = 17

    /// Makes the cache hold exactly `tokens`. Keeps their longest common prefix with the cache, but always computes the
    /// last token again, for its logits.
    ///
    /// - Parameter progress: called with the number of tokens in the cache, before the first batch and after each, and
    ///   during a long batch with the tokens that its finished share corresponds to.
    /// - Returns: how many tokens were kept.
    @discardableResult
    func prefill(
        _ tokens: [Int32], isCancelled: () -> Bool = { Task.isCancelled }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(EngineError) -> Int {
        try check(tokens)
        let common = zip(cached, tokens).prefix { $0 == $1 }.count
        let kept = runner.resumePosition(upTo: min(common, tokens.count - 1))
        cached.removeSubrange(kept...)
        progress(kept, kept)
        while cached.count < tokens.count {
            // The last token is computed in a pass of its own, or in one with the same result: when a reply is
            // regenerated, all of its prompt but that token is in the cache, and the logits have to be bit-identical.
            let left = tokens.count - cached.count
            let isSame = runner.repeatsLastToken || left <= runner.batchInvariantTokens
            var count = min(runner.prefillBatch, isSame ? left : left - 1)
            // A template may write the end of this prompt otherwise once a reply follows it.
            if !runner.resumesAnywhere, left > Self.tail { count = min(count, left - Self.tail) }
            let position = cached.count
            var reported = ContinuousClock.now
            try advance(tokens[position..<position + count], logits: .ofLast) { done in
                if ContinuousClock.now - reported >= .milliseconds(250) {
                    reported = .now
                    progress(position + Int(done * Double(count)), kept)
                }
                return isCancelled()
            }
            progress(cached.count, kept)
        }
        return kept
    }

    /// Runs tokens through the model and appends them to the cache. `isCancelled` is called between parts of the work, with
    /// the share of it that is done.
    func advance(
        _ tokens: ArraySlice<Int32>, logits: PassLogits = .ofAll,
        isCancelled: (_ done: Double) -> Bool = { _ in Task.isCancelled }
    ) throws(EngineError) {
        try runner.forward(tokens, at: cached.count, logits: logits, isCancelled: isCancelled)
        cached += tokens
        passCount = tokens.count
    }

    /// The logits after the last token. [vocabulary]
    func lastLogits() throws(EngineError) -> UnsafeBufferPointer<Float> {
        try logits(rows: passCount - 1..<passCount)
    }

    /// The logits after tokens of the latest pass. Throws if they are not finite. [rows][vocabulary]
    func logits(rows: Range<Int>) throws(EngineError) -> UnsafeBufferPointer<Float> {
        guard let logits = try runner.logits(rows: rows) else { throw .notFinite(position: cached.count - 1) }
        return logits
    }

    func check(_ tokens: [Int32]) throws(EngineError) {
        guard !tokens.isEmpty else { throw .emptyPrompt }
        guard tokens.count <= contextLength else { throw .promptTooLong(tokens: tokens.count, limit: contextLength) }
        let count = model.summary.vocabularyCount
        if let invalid = tokens.first(where: { $0 < 0 || Int($0) >= count }) {
            throw .tokenOutOfRange(invalid, vocabulary: count)
        }
    }
}
