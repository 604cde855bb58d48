/// Joins adjacent symbols pair by pair, best pair first: the core of byte-pair encoding and SentencePiece.
///
/// Symbols form a linked list over the text; candidate pairs are in a heap. Every join adds at most two candidates, so
/// any text of n symbols takes O(n log n).
struct SymbolMerger {
    /// A part of the text that may become a token.
    struct Symbol {
        /// Its range in the text, in bytes.
        var start: Int32
        var end: Int32
        /// The caller's number for it, or -1.
        var id: Int32
        fileprivate var previous: Int32 = -1
        fileprivate var next: Int32 = -1
        fileprivate var isJoined = false

        init(start: Int, end: Int, id: Int32) {
            self.start = Int32(start)
            self.end = Int32(end)
            self.id = id
        }
    }

    /// The result of joining two neighbours. Lower priorities join first, equal ones from left to right.
    struct Join {
        let priority: UInt32
        let id: Int32
    }

    private struct Candidate {
        /// Priority, then position: one comparison orders both.
        let key: UInt64
        let right: Int32
        /// The end of the right symbol when the candidate was added. If it differs now, the symbol has grown since.
        let end: Int32
        let id: Int32
    }

    private var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    /// Adds a symbol to the right end.
    mutating func append(_ symbol: Symbol) {
        symbols.append(symbol)
    }

    /// Joins symbols until `join` finds no more pairs, passes the remaining symbols to `emit` in order, and removes them.
    mutating func run(_ join: (Symbol, Symbol) -> Join?, emit: (Symbol) -> Void) {
        for index in symbols.indices.dropFirst() {
            symbols[index].previous = Int32(index - 1)
            symbols[index - 1].next = Int32(index)
            consider(Int32(index - 1), Int32(index), join)
        }
        while let best = pop() {
            let left = Int32(truncatingIfNeeded: best.key)
            let right = best.right
            guard !symbols[Int(left)].isJoined, !symbols[Int(right)].isJoined, symbols[Int(right)].end == best.end
            else {
                continue
            }
            let next = symbols[Int(right)].next
            symbols[Int(right)].isJoined = true
            symbols[Int(left)].id = best.id
            symbols[Int(left)].end = best.end
            symbols[Int(left)].next = next
            if next >= 0 { symbols[Int(next)].previous = left }
            consider(symbols[Int(left)].previous, left, join)
            consider(left, next, join)
        }
        var index = symbols.isEmpty ? -1 : 0
        while index >= 0 {
            emit(symbols[index])
            index = Int(symbols[index].next)
        }
        symbols.removeAll(keepingCapacity: true)
    }

    private mutating func consider(_ left: Int32, _ right: Int32, _ join: (Symbol, Symbol) -> Join?) {
        guard left >= 0, right >= 0, let found = join(symbols[Int(left)], symbols[Int(right)]) else { return }
        let key = UInt64(found.priority) << 32 | UInt64(UInt32(left))
        push(Candidate(key: key, right: right, end: symbols[Int(right)].end, id: found.id))
    }

    // MARK: Binary heap, least key first

    private mutating func push(_ candidate: Candidate) {
        var index = heap.count
        heap.append(candidate)
        while index > 0 {
            let parent = (index - 1) / 2
            guard candidate.key < heap[parent].key else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = candidate
    }

    private mutating func pop() -> Candidate? {
        guard let last = heap.popLast() else { return nil }
        guard let best = heap.first else { return last }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].key < heap[child].key { child += 1 }
            guard heap[child].key < last.key else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = last
        return best
    }
}
