/// Of many weighted items in the order of their keys, the shortest prefix that reaches a sum, without sorting them.
///
/// A quickselect that follows the sum instead of a rank: items are split around a pivot; where the near side already
/// reaches the sum the search goes on inside it, else the near side is taken whole and the search goes on in the rest.
/// Expected cost is linear.
struct WeightedPrefix {
    /// Smaller keys come first; of equal keys the smaller index.
    let keys: [Float]
    let weights: [Float]

    /// Marks the items of the shortest prefix whose weights add up to `target` or more; all of them where they do not
    /// reach it. At least one item is marked.
    func reaching(_ target: Double) -> [Bool] {
        var taken = Array(repeating: false, count: keys.count)
        var missing = target
        var open = Array(keys.indices)
        while !open.isEmpty {
            let pivot = middle(open[0], open[open.count / 2], open[open.count - 1])
            let near = open.filter { precedes($0, pivot) }
            let sum = near.reduce(0.0) { $0 + Double(weights[$1]) }
            if !near.isEmpty, sum >= missing {
                open = near
                continue
            }
            for index in near { taken[index] = true }
            taken[pivot] = true
            missing -= sum + Double(weights[pivot])
            if missing <= 0 { break }
            open.removeAll { !precedes(pivot, $0) }
        }
        return taken
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        keys[left] != keys[right] ? keys[left] < keys[right] : left < right
    }

    private func middle(_ a: Int, _ b: Int, _ c: Int) -> Int {
        if precedes(a, b) { return precedes(b, c) ? b : (precedes(a, c) ? c : a) }
        return precedes(a, c) ? a : (precedes(b, c) ? c : b)
    }
}
