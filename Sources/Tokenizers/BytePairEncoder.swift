/// Byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019): merges join the bytes of each word, or its characters,
/// lowest rank first.
struct BytePairEncoder: Sendable {
    private let preTokenizer: PreTokenizer
    private let wholeWords: PreTokenizerRow.WholeWords
    /// (left, right) → rank in the upper half, joined symbol in the lower half. Symbols below the size of the vocabulary
    /// are tokens; the few pieces that occur only in merges are numbered after them.
    private let merges: PairTable
    private let units: Units
    private let tokenCount: Int32

    /// What merges join first.
    private enum Units: Sendable {
        /// Bytes, spelled in the byte-level alphabet. The symbol of each byte.
        case bytes([Int32])
        /// Characters, with spaces written `▁`. Those that occur only in merges, and the token of each byte for
        /// characters that are not tokens.
        case characters(others: [ArraySlice<UInt8>: Int32], byteTokens: [Int32?])
    }

    init(_ row: PreTokenizerRow, vocabulary: Vocabulary, merges list: PieceList) throws(TokenizerError) {
        guard list.count > 0 else { throw .missingMerges }
        do {
            preTokenizer = try PreTokenizer(row)
        } catch {
            throw .preTokenizer("\(error)")
        }
        wholeWords = row.wholeWords
        tokenCount = Int32(vocabulary.count)
        var symbols = SymbolNumbering(vocabulary)
        let byteSymbols = row.joinsCharacters ? [] : ByteLevelAlphabet.spelling.map { symbols.number($0[...]) }
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
        units =
            row.joinsCharacters
            ? .characters(others: symbols.others, byteTokens: ByteTokens.all(in: vocabulary)) : .bytes(byteSymbols)
    }

    /// Appends the tokens of a text without special tokens.
    func encode(_ text: UnsafeRawBufferPointer, _ vocabulary: Vocabulary, into tokens: inout [Int32]) {
        switch units {
        case .bytes: encodeWords(of: text, vocabulary, into: &tokens)
        case .characters:
            SpaceEscape.escape(text).withUnsafeBytes { encodeWords(of: $0, vocabulary, into: &tokens) }
        }
    }

    /// The text of a piece of the vocabulary.
    func text(of piece: ArraySlice<UInt8>) -> [UInt8] {
        switch units {
        case .bytes: ByteLevelAlphabet.decode(piece) ?? Array(piece)
        case .characters: SpaceEscape.unescape(piece)
        }
    }

    private func encodeWords(
        of text: UnsafeRawBufferPointer, _ vocabulary: Vocabulary, into tokens: inout [Int32]
    ) {
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
        if let token = wholeToken(word, vocabulary) {
            tokens.append(token)
            return
        }
        appendSymbols(of: word, vocabulary, to: &merger)
        merger.run { left, right in
            merges[left.id, right.id].map { .init(priority: UInt32($0 >> 32), id: Int32(truncatingIfNeeded: $0)) }
        } emit: { symbol in
            if (0..<tokenCount).contains(symbol.id), !vocabulary.isStructure[Int(symbol.id)] {
                tokens.append(symbol.id)
            } else {
                // A piece that is not in the vocabulary is split into bytes, as far as those are tokens.
                tokens += word[Int(symbol.start)..<Int(symbol.end)].compactMap(token(ofByte:))
            }
        }
    }

    /// The token of a word that is used regardless of the merges.
    private func wholeToken(_ word: UnsafeRawBufferPointer, _ vocabulary: Vocabulary) -> Int32? {
        let isWhole =
            switch wholeWords {
            case .none: false
            case .all: true
            case .lineFeeds: word.allSatisfy { $0 == 0x0A }
            }
        guard isWhole else { return nil }
        return switch units {
        case .bytes: ByteLevelAlphabet.encode(word).withUnsafeBytes(vocabulary.plainID)
        case .characters: vocabulary.plainID(of: word)
        }
    }

    private func appendSymbols(
        of word: UnsafeRawBufferPointer, _ vocabulary: Vocabulary, to merger: inout SymbolMerger
    ) {
        switch units {
        case .bytes(let symbols):
            for (index, byte) in word.enumerated() {
                merger.append(.init(start: index, end: index + 1, id: symbols[Int(byte)]))
            }
        case .characters(let others, _):
            var start = 0
            while start < word.count {
                let end = min(start + word[start].characterLength, word.count)
                let character = UnsafeRawBufferPointer(rebasing: word[start..<end])
                let symbol = vocabulary.id(of: character) ?? others[Array(character)[...]] ?? -1
                merger.append(.init(start: start, end: end, id: symbol))
                start = end
            }
        }
    }

    private func token(ofByte byte: UInt8) -> Int32? {
        switch units {
        case .bytes(let symbols): symbols[Int(byte)] < tokenCount ? symbols[Int(byte)] : nil
        case .characters(_, let byteTokens): byteTokens[Int(byte)]
        }
    }
}

/// Numbers pieces: tokens by their id, other pieces after them in the order of first use.
private struct SymbolNumbering {
    private let vocabulary: Vocabulary
    private(set) var others: [ArraySlice<UInt8>: Int32] = [:]

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
