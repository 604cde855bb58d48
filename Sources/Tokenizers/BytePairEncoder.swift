/// Byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019): merges join the bytes of each word, lowest
/// rank first.
struct BytePairEncoder: Sendable {
    private let preTokenizer: PreTokenizer
    private let ignoresMerges: Bool
    /// (left, right) → rank in the upper half, joined symbol in the lower half. Symbols below the size of the vocabulary
    /// are tokens; the few pieces that occur only in merges are numbered after them.
    private let merges: PairTable
    private let byteSymbols: [Int32]
    private let tokenCount: Int32

    init(_ row: PreTokenizerRow, vocabulary: Vocabulary, merges list: PieceList) throws(TokenizerError) {
        guard list.count > 0 else { throw .missingMerges }
        do {
            preTokenizer = try PreTokenizer(row)
        } catch {
            throw .preTokenizer("\(error)")
        }
        ignoresMerges = row.ignoresMerges
        tokenCount = Int32(vocabulary.count)
        var symbols = SymbolNumbering(vocabulary)
        byteSymbols = ByteLevelAlphabet.spelling.map { symbols.number($0[...]) }
        var merges = PairTable(count: list.count)
        for rank in 0..<list.count {
            let merge = list[rank]
            // The second piece starts after the first space that is not the first byte.
            guard let space = merge.dropFirst().firstIndex(of: 0x20) else { continue }
            let left = merge[..<space], right = merge[(space + 1)...]
            let joined = symbols.number(left + right)
            merges.insert(symbols.number(left), symbols.number(right), UInt64(rank) << 32 | UInt64(joined))
        }
        self.merges = merges
    }

    /// Appends the tokens of a text without special tokens.
    func encode(_ text: UnsafeRawBufferPointer, _ vocabulary: Vocabulary, into tokens: inout [Int32]) {
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars.map(ClassifiedScalar.init)
        var merger = SymbolMerger()
        var scalar = 0
        var start = 0
        for word in preTokenizer.split(scalars) {
            let end = scalars[scalar..<scalar + word].reduce(start) { $0 + $1.byteCount }
            encode(word: UnsafeRawBufferPointer(rebasing: text[start..<end]), vocabulary, &merger, into: &tokens)
            scalar += word
            start = end
        }
    }

    private func encode(
        word: UnsafeRawBufferPointer, _ vocabulary: Vocabulary, _ merger: inout SymbolMerger, into tokens: inout [Int32]
    ) {
        if ignoresMerges, let token = ByteLevelAlphabet.encode(word).withUnsafeBytes(vocabulary.plainID) {
            tokens.append(token)
            return
        }
        for (index, byte) in word.enumerated() {
            merger.append(.init(start: index, end: index + 1, id: byteSymbols[Int(byte)]))
        }
        merger.run { left, right in
            merges[left.id, right.id].map { .init(priority: UInt32($0 >> 32), id: Int32(truncatingIfNeeded: $0)) }
        } emit: { symbol in
            if symbol.id < tokenCount, !vocabulary.isStructure[Int(symbol.id)] {
                tokens.append(symbol.id)
            } else {
                // A piece that is not in the vocabulary is split into bytes, as far as those are tokens.
                let bytes = word[Int(symbol.start)..<Int(symbol.end)]
                tokens += bytes.map { byteSymbols[Int($0)] }.filter { $0 < tokenCount }
            }
        }
    }
}

/// Numbers pieces: tokens by their id, other pieces after them in the order of first use.
private struct SymbolNumbering {
    private let vocabulary: Vocabulary
    private var others: [ArraySlice<UInt8>: Int32] = [:]

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    mutating func number(_ piece: ArraySlice<UInt8>) -> Int32 {
        if let token = piece.withUnsafeBytes(vocabulary.id(of:)) { return token }
        if let known = others[piece] { return known }
        let number = Int32(vocabulary.count + others.count)
        others[piece] = number
        return number
    }
}
