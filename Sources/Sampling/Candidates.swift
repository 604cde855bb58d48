/// The remaining candidates for the next token, each with its logit.
///
/// Initially the set is the whole vocabulary, without token ids: candidate i is token i. So samplers that change single
/// tokens find them at once, and a vocabulary of 262,144 costs one copy of its logits. Samplers that remove candidates
/// keep the order of the others.
///
/// Logits are finite or negative infinity (a forbidden token). NaN counts as forbidden, and positive infinity as the
/// largest finite number. The set is never empty.
public struct Candidates: Sendable {
    public private(set) var logits: [Float]
    /// Empty while candidate i is token i.
    private var tokens: [Int32] = []
    /// Whether the logits are known to descend.
    public private(set) var isSorted = false

    /// One candidate per logit, in vocabulary order. An empty list results in token 0, forbidden.
    public init(logits: [Float]) {
        self.logits = []
        logits.withUnsafeBufferPointer { load($0) }
    }

    /// Starts again with the whole vocabulary, reusing the allocated memory.
    mutating func load(_ source: UnsafeBufferPointer<Float>) {
        logits.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        isSorted = false
        logits.append(contentsOf: source)
        if logits.isEmpty { logits.append(-.infinity) }
        for index in logits.indices { logits[index] = Self.clamped(logits[index]) }
    }

    public var count: Int { logits.count }

    /// The token id of the candidate at `index` (0 ..< count).
    public func token(at index: Int) -> Int32 { tokens.isEmpty ? Int32(truncatingIfNeeded: index) : tokens[index] }

    /// The index of a token among the candidates; nil if it is not one.
    func index(of token: Int32) -> Int? {
        if tokens.isEmpty { return logits.indices.contains(Int(token)) ? Int(token) : nil }
        return tokens.firstIndex(of: token)
    }

    /// The largest logit; negative infinity if all candidates are forbidden.
    public var largestLogit: Float {
        if isSorted { return logits[0] }
        // Eight running maxima let the compiler use vector instructions.
        var lanes = SIMD8<Float>(repeating: -.infinity)
        var index = 0
        while index + 8 <= logits.count {
            let next = logits.eight(at: index)
            lanes.replace(with: next, where: next .> lanes)
            index += 8
        }
        var largest = lanes.max()
        while index < logits.count {
            largest = Swift.max(largest, logits[index])
            index += 1
        }
        return largest
    }

    /// The index of the largest logit; of equal logits, the first.
    public var likeliest: Int {
        let largest = largestLogit
        return logits.firstIndex(of: largest) ?? 0
    }

    // MARK: Changing logits

    /// Replaces the logit of a token if it is a candidate.
    mutating func adjust(_ token: Int32, _ change: (Float) -> Float) {
        guard let index = index(of: token) else { return }
        logits[index] = Self.clamped(change(logits[index]))
        isSorted = false
    }

    /// Divides every logit by `temperature` (> 0), relative to the largest one to avoid overflow.
    mutating func scale(by temperature: Float) {
        let largest = largestLogit
        guard largest > -.infinity else { return }
        for index in logits.indices { logits[index] = (logits[index] - largest) / temperature }
    }

    // MARK: Removing candidates

    /// Keeps the candidates that satisfy the condition, and at least the likeliest one.
    mutating func keep(where condition: (_ index: Int, _ logit: Float) -> Bool) {
        let best = (token(at: likeliest), largestLogit)
        let wasWhole = tokens.isEmpty
        var kept = 0
        for index in logits.indices where condition(index, logits[index]) {
            if wasWhole { tokens.append(Int32(truncatingIfNeeded: index)) } else { tokens[kept] = tokens[index] }
            logits[kept] = logits[index]
            kept += 1
        }
        logits.removeSubrange(kept...)
        tokens.removeSubrange(kept...)
        if kept == 0 {
            tokens.append(best.0)
            logits.append(best.1)
        }
    }

    /// Keeps the first `count` candidates (at least one).
    mutating func keepFirst(_ count: Int) {
        let kept = Swift.min(Swift.max(count, 1), self.count)
        if tokens.isEmpty { tokens = (0..<Int32(truncatingIfNeeded: kept)).map { $0 } }
        logits.removeSubrange(kept...)
        tokens.removeSubrange(kept...)
    }

    /// Keeps the `count` largest logits (at least one) in descending order; of equal logits, earlier ones come first.
    mutating func keepLargest(_ count: Int) {
        guard !isSorted else { return keepFirst(count) }
        let chosen = LargestSelection.indices(of: Swift.max(count, 1), in: logits)
        tokens = chosen.map { token(at: $0) }
        let values = chosen.map { logits[$0] }
        logits.removeAll(keepingCapacity: true)
        logits.append(contentsOf: values)
        isSorted = true
    }

    private static func clamped(_ logit: Float) -> Float {
        logit > -.infinity ? Swift.min(logit, .greatestFiniteMagnitude) : -.infinity
    }
}
