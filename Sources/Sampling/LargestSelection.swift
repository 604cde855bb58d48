/// Finds the k largest of many numbers without sorting them all.
enum LargestSelection {
    /// The indices of the `count` largest values in descending order; of equal values, earlier ones come first.
    ///
    /// One pass keeps the largest values so far in a heap with the smallest of them at its root. Almost all values of a
    /// vocabulary need only one comparison, with that root: expected cost n + k log k log(n / k).
    static func indices(of count: Int, in values: [Float]) -> [Int] {
        values.withUnsafeBufferPointer { indices(of: count, in: $0) }
    }

    static func indices(of count: Int, in values: UnsafeBufferPointer<Float>) -> [Int] {
        guard count < values.count else { return values.indices.sorted { before(values, $0, $1) } }
        var heap = Array(0..<count)
        for root in stride(from: count / 2 - 1, through: 0, by: -1) { sift(&heap, root, values) }
        var threshold = values[heap[0]]
        func offer(_ indices: Range<Int>) {
            for index in indices where values[index] > threshold {
                heap[0] = index
                sift(&heap, 0, values)
                threshold = values[heap[0]]
            }
        }
        // Eight values are tested at a time; hardly ever is one of them large enough.
        var index = count
        while index + 8 <= values.count {
            if any(values.eight(at: index) .> threshold) { offer(index..<index + 8) }
            index += 8
        }
        offer(index..<values.count)
        return heap.sorted { before(values, $0, $1) }
    }

    private static func before(_ values: UnsafeBufferPointer<Float>, _ left: Int, _ right: Int) -> Bool {
        values[left] != values[right] ? values[left] > values[right] : left < right
    }

    /// Moves the entry at `start` down until neither of its children is a worse choice.
    private static func sift(_ heap: inout [Int], _ start: Int, _ values: UnsafeBufferPointer<Float>) {
        var parent = start
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if before(values, heap[worst], heap[child]) { worst = child }
            }
            guard worst != parent else { return }
            heap.swapAt(worst, parent)
            parent = worst
        }
    }
}

extension RandomAccessCollection<Float> where Index == Int {
    /// The eight values starting at `start`, for vector instructions.
    @inline(__always)
    func eight(at start: Int) -> SIMD8<Float> {
        SIMD8(
            self[start], self[start + 1], self[start + 2], self[start + 3], self[start + 4], self[start + 5],
            self[start + 6], self[start + 7])
    }
}
