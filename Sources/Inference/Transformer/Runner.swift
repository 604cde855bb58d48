/// What runs a model: computes tokens at positions, remembers them, and returns logits. Sampling, probabilities, prefix
/// reuse, speculation, cancelling and statistics are written once above it.
protocol Runner: AnyObject {
    /// The most tokens of a pass.
    var prefillBatch: Int { get }
    /// The most positions whose logits are computed together.
    var logitBatch: Int { get }
    /// Passes of up to this many tokens are batch-invariant: each token gets the same logits, bit for bit, as in a pass of
    /// its own.
    var batchInvariantTokens: Int { get }
    /// Whether the last token of a pass gets the same logits again, bit for bit, when it is run once more alone.
    var repeatsLastToken: Bool { get }

    /// Runs 1…prefillBatch tokens at positions first, first + 1, …; earlier positions are remembered. The engine ensures
    /// that ids are in the vocabulary, positions within the context length, and `first` one that `resumePosition` returned or
    /// the end of what is remembered.
    ///
    /// - Parameter logits: those that can be asked for afterwards.
    /// - Parameter isCancelled: called between parts of the work, with the share of the pass that is done (0…1). After a
    ///   cancelled pass, nothing from `first` on is remembered.
    func forward(
        _ tokens: ArraySlice<Int32>, at first: Int, logits: PassLogits, isCancelled: (_ done: Double) -> Bool
    ) throws(EngineError)

    /// The logits after some tokens of the latest pass, [rows][vocabulary], valid until the next call; nil if any is not
    /// finite.
    ///
    /// - Parameter rows: indices of tokens within the pass, at most `logitBatch` of them.
    func logits(rows: Range<Int>) throws(EngineError) -> UnsafeBufferPointer<Float>?

    /// Σ exp(logit − largest)
    func expSum(_ logits: UnsafeBufferPointer<Float>, largest: Float) -> Double

    /// Whether the next pass can begin at any position of what is remembered.
    var resumesAnywhere: Bool { get }

    /// The last position up to `position` from which the next pass can begin, if later ones are forgotten.
    func resumePosition(upTo position: Int) -> Int

    /// Bytes of what is remembered and read for the token at `position`, from 0.
    func stateBytesRead(at position: Int) -> Int

    /// Does a short piece of work that makes later passes faster, in idle time. Returns false if nothing is left.
    func prepareNext() -> Bool
}

/// The logits of a pass that are wanted. Some models have to be asked for them beforehand.
enum PassLogits {
    case ofLast, ofAll
}
