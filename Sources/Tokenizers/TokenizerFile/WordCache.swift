/// The tokens of words that occurred before in a text. Most words occur again and again.
struct WordCache {
    private var slots = HashSlots(count: 512)
    private var capacity = 512
    private var entries: [Entry] = []
    private var words: [UInt8] = []
    private var tokens: [Int32] = []

    private struct Entry {
        let hash: UInt64
        let wordStart: Int32
        let wordEnd: Int32
        let tokenStart: Int32
        let tokenEnd: Int32
    }

    /// More words than this are not kept, and none that are longer: the memory is a few megabytes at most.
    private static let mostEntries = 65_536
    private static let longestWord = 48

    /// Appends the tokens of a word to `result`, from here or from `encode`.
    @inline(__always)
    mutating func append(
        _ word: UnsafeRawBufferPointer, to result: inout [Int32], _ encode: (inout [Int32]) -> Void
    ) {
        guard word.count <= Self.longestWord else {
            encode(&result)
            return
        }
        let hash = KeyedHash.of(word)
        if let entry = find(word, hash) {
            result.append(contentsOf: tokens[Int(entry.tokenStart)..<Int(entry.tokenEnd)])
            return
        }
        let start = result.count
        encode(&result)
        insert(word, hash, result[start...])
    }

    @inline(__always)
    private func find(_ word: UnsafeRawBufferPointer, _ hash: UInt64) -> Entry? {
        words.withUnsafeBytes { words in
            slots.find(hash) { index in
                let entry = entries[index]
                guard entry.hash == hash else { return false }
                return words[Int(entry.wordStart)..<Int(entry.wordEnd)].elementsEqual(word)
            }
        }.map { entries[$0] }
    }

    private mutating func insert(_ word: UnsafeRawBufferPointer, _ hash: UInt64, _ found: ArraySlice<Int32>) {
        guard entries.count < Self.mostEntries else { return }
        if entries.count == capacity {
            capacity *= 4
            slots = HashSlots(count: capacity)
            for (index, entry) in entries.enumerated() { slots.insert(index, entry.hash) }
        }
        slots.insert(entries.count, hash)
        let (wordStart, tokenStart) = (words.count, tokens.count)
        words.append(contentsOf: word)
        tokens += found
        entries.append(
            Entry(
                hash: hash, wordStart: Int32(wordStart), wordEnd: Int32(words.count), tokenStart: Int32(tokenStart),
                tokenEnd: Int32(tokens.count)))
    }
}
