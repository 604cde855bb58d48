/// The shortest prefix of weighted items, in descending order of their keys, whose weights reach a given sum. Found
/// without sorting all items.
///
/// Items are grouped into buckets of equal width, and the search continues in the bucket in which the sum is reached.
/// Each round keeps only a small part of the items, and the last few are sorted, so the cost is linear.
struct WeightedPrefix {
    /// Larger keys come first; of equal keys, the smaller index.
    private let keys: [Float]
    private let weights: [Float]
    /// The last item of the prefix.
    private var last: Int?

    private static let bucketCount = 4096
    private static let sortedCount = 64

    /// The shortest prefix whose weights add up to at least `target`; all items if there is none.
    /// - Parameter items: indices of finite keys, ascending.
    init(keys: [Float], weights: [Float], items: [Int], reaching target: Double) {
        self.keys = keys
        self.weights = weights
        last = find(in: items, reaching: target)
    }

    /// Whether an item is in the prefix.
    func contains(_ item: Int) -> Bool { last.map { !precedes($0, item) } ?? false }

    private func find(in items: [Int], reaching target: Double) -> Int? {
        var low = Float.infinity
        var high = -Float.infinity
        for item in items {
            low = min(low, keys[item])
            high = max(high, keys[item])
        }
        guard items.count > Self.sortedCount, low < high else {
            return walk(items.sorted(by: precedes), reaching: target)
        }
        // The highest key is in the first bucket and the lowest in the last, so every round makes progress.
        let top = Double(high)
        let scale = Double(Self.bucketCount - 1) / (top - Double(low))
        var sums = [Double](repeating: 0, count: Self.bucketCount)
        for item in items { sums[Int((top - Double(keys[item])) * scale)] += Double(weights[item]) }
        var missing = target
        var wanted = 0
        while wanted < Self.bucketCount - 1, sums[wanted] < missing {
            missing -= sums[wanted]
            wanted += 1
        }
        // If rounding leaves a remainder that no item covers, the prefix ends in the last bucket.
        return find(in: items.filter { Int((top - Double(keys[$0])) * scale) == wanted }, reaching: missing)
    }

    private func walk(_ items: [Int], reaching target: Double) -> Int? {
        var sum = 0.0
        for item in items {
            sum += Double(weights[item])
            if sum >= target { return item }
        }
        return items.last
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        keys[left] != keys[right] ? keys[left] > keys[right] : left < right
    }
}
