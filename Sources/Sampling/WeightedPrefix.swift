/// Of many weighted items in descending order of their keys, the shortest prefix that reaches a sum, found without
/// sorting them.
///
/// Items are counted into buckets of equal width, and the search goes on inside the one bucket where the sum is
/// reached. Each round leaves a small part of the items, and the last few are sorted: linear cost.
struct WeightedPrefix {
    /// Larger keys come first; of equal keys the smaller index.
    private let keys: [Float]
    private let weights: [Float]
    /// The last item that belongs to the prefix.
    private var last: Int?

    private static let bucketCount = 4096
    private static let sortedCount = 64

    /// The shortest prefix whose weights add up to `target` or more, all items where they do not.
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
        // The highest key falls into the first bucket and the lowest into the last, so that every round gets on.
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
        // Where rounding leaves a remainder that no item carries, the last bucket has the end of the prefix.
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
