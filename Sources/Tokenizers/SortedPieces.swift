/// Tokens ordered by their bytes, to find all that a text has at a position.
struct SortedPieces: Sendable {
    private let vocabulary: Vocabulary
    private let sorted: [Int32]
    /// The length of the prefix that all of them have and that texts do not have.
    private let dropped: Int
    /// `sorted[starts[b]..<starts[b + 1]]` have `b` as their first byte.
    private let starts: [Int32]

    /// - Parameters:
    ///   - prefix: only tokens with this prefix, and without it.
    ///   - condition: only tokens that fulfil this. Of equal ones, the last counts.
    init(_ vocabulary: Vocabulary, dropping prefix: [UInt8] = [], where condition: (Int32) -> Bool) {
        self.vocabulary = vocabulary
        dropped = prefix.count
        let candidates = (0..<Int32(vocabulary.count)).filter {
            let bytes = vocabulary.bytes(of: $0)
            return bytes.count > prefix.count && bytes.starts(with: prefix) && condition($0)
        }
        let ordered = candidates.sorted {
            let (left, right) = (vocabulary.bytes(of: $0), vocabulary.bytes(of: $1))
            return left == right ? $0 > $1 : left.lexicographicallyPrecedes(right)
        }
        var unique: [Int32] = []
        for token in ordered where unique.last.map({ vocabulary.bytes(of: $0) != vocabulary.bytes(of: token) }) ?? true
        {
            unique.append(token)
        }
        sorted = unique
        var starts = [Int32](repeating: 0, count: 257)
        for token in unique {
            let bytes = vocabulary.bytes(of: token)
            starts[Int(bytes[bytes.startIndex + prefix.count]) + 1] += 1
        }
        for byte in 1..<257 { starts[byte] += starts[byte - 1] }
        self.starts = starts
    }

    /// Calls `body` for the tokens that the text has at `start`, the shortest first, with their ends.
    @inline(__always)
    func forEachPrefix(of text: UnsafeRawBufferPointer, from start: Int, _ body: (Int32, Int) -> Void) {
        guard start < text.count else { return }
        var low = Int(starts[Int(text[start])]), high = Int(starts[Int(text[start]) + 1])
        vocabulary.withBytes { all, range in
            var position = start
            while low < high {
                // All candidates agree with the text up to here; the shortest comes first.
                position += 1
                if range(sorted[low]).count - dropped == position - start {
                    body(sorted[low], position)
                    low += 1
                }
                guard position < text.count, low < high else { return }
                let offset = dropped + position - start
                let byte = text[position]
                func at(_ index: Int) -> UInt8 { all[range(sorted[index]).lowerBound + offset] }
                low = Self.first(in: low..<high) { at($0) >= byte }
                high = Self.first(in: low..<high) { at($0) > byte }
            }
        }
    }

    /// The first index for which, and for all after it, a condition holds.
    @inline(__always)
    private static func first(in range: Range<Int>, where condition: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if condition(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
