/// The tokens still in play for the next place in the text, each with its logit.
///
/// A fresh set holds the whole vocabulary and no token ids: candidate i is token i. That way the steps that touch
/// single tokens find them at once, and a vocabulary of 262,144 costs one copy of its logits. Steps that remove
/// candidates keep the order of the others.
///
/// Logits are finite or negative infinity (a forbidden token): NaN counts as forbidden, and positive infinity as the
/// largest finite number. The set is never empty.
public struct Candidates: Sendable {
    public private(set) var logits: [Float]
    /// Empty while candidate i is token i.
    private var tokens: [Int32] = []
    /// Whether the logits are known to descend.
    public private(set) var isSorted = false

    /// One candidate per logit, in vocabulary order. An empty list gives token 0, forbidden.
    public init(logits: [Float]) {
        self.logits = []
        logits.withUnsafeBufferPointer { load($0) }
    }

    /// Starts again with the whole vocabulary, in the memory already held.
    mutating func load(_ source: UnsafeBufferPointer<Float>) {
        logits.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        isSorted = false
        logits.append(contentsOf: source)
        if logits.isEmpty { logits.append(-.infinity) }
        for index in logits.indices { logits[index] = Self.orderly(logits[index]) }
    }

    public var count: Int { logits.count }

    /// The token id of the candidate at `index` (0 ..< count).
    public func token(at index: Int) -> Int32 { tokens.isEmpty ? Int32(truncatingIfNeeded: index) : tokens[index] }

    /// Where a token stands among the candidates; nil when it is none.
    func index(of token: Int32) -> Int? {
        if tokens.isEmpty { return logits.indices.contains(Int(token)) ? Int(token) : nil }
        return tokens.firstIndex(of: token)
    }

    /// The largest logit; negative infinity when every candidate is forbidden.
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

    /// The index of the largest logit, the first of equal ones.
    public var likeliest: Int {
        let largest = largestLogit
        return logits.firstIndex(of: largest) ?? 0
    }

    // MARK: Changing logits

    /// Replaces the logit of one token, where it is a candidate.
    mutating func adjust(_ token: Int32, _ change: (Float) -> Float) {
        guard let index = index(of: token) else { return }
        logits[index] = Self.orderly(change(logits[index]))
        isSorted = false
    }

    /// Divides every logit by `temperature` (> 0), measured from the largest so that nothing overflows.
    mutating func scale(by temperature: Float) {
        let largest = largestLogit
        guard largest > -.infinity else { return }
        for index in logits.indices { logits[index] = (logits[index] - largest) / temperature }
    }

    // MARK: Removing candidates

    /// Keeps the candidates whose index and logit satisfy the condition, and at least the likeliest.
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

    /// Keeps the `count` largest logits (at least one) in descending order; of equal logits the earlier come first.
    mutating func keepLargest(_ count: Int) {
        guard !isSorted else { return keepFirst(count) }
        let chosen = LargestSelection.indices(of: Swift.max(count, 1), in: logits)
        tokens = chosen.map { token(at: $0) }
        let values = chosen.map { logits[$0] }
        logits.removeAll(keepingCapacity: true)
        logits.append(contentsOf: values)
        isSorted = true
    }

    private static func orderly(_ logit: Float) -> Float {
        logit > -.infinity ? Swift.min(logit, .greatestFiniteMagnitude) : -.infinity
    }
}
