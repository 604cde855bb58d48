/// Joins neighbouring symbols pair by pair, best pair first: the heart of byte-pair encoding and of SentencePiece.
///
/// Symbols are a linked list over the text; candidate pairs wait in a heap. Every join makes at most two new
/// candidates, so a text of n symbols takes O(n log n), whatever it contains.
struct SymbolMerger {
    /// A stretch of the text on its way to becoming a token.
    struct Symbol {
        /// Where it lies in the text, in bytes.
        var start: Int32
        var end: Int32
        /// What it is, in the numbering of the caller; -1 where it has none.
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

    /// What two neighbours would become, and how soon: lower priorities join first, equal ones from the left.
    struct Join {
        let priority: UInt32
        let id: Int32
    }

    private struct Candidate {
        /// Priority, then position: one comparison orders both.
        let key: UInt64
        let right: Int32
        /// Where the right symbol ended when the candidate was made; another end means that it has grown since.
        let end: Int32
        let id: Int32
    }

    private var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    /// Adds a symbol to the right end.
    mutating func append(_ symbol: Symbol) {
        symbols.append(symbol)
    }

    /// Joins symbols until `join` finds no more pairs, hands those that remain to `emit` in order, and forgets them.
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
