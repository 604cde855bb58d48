/// Encodes words by a byte-pair model.
struct BytePairWords: Sendable {
    private let model: BytePairModel
    private let tokens: ModelTokens
    /// (left, right) → rank in the upper half, joined token in the lower half.
    private let merges: PairTable
    private let byteTokens: [Int32?]
    /// The token of each character of at most two bytes without prefix and suffix; -1 for none.
    private let shortCharacters: [Int32]

    init(_ model: BytePairModel, _ tokens: ModelTokens) {
        self.model = model
        self.tokens = tokens
        byteTokens = model.fallsBackToBytes ? tokens.byteTokens : []
        var merges = PairTable(count: model.merges.count)
        // Of equal pairs the last counts.
        for (rank, merge) in model.merges.enumerated().reversed() {
            merges.insert(merge.left, merge.right, UInt64(rank) << 32 | UInt64(merge.joined))
        }
        self.merges = merges
        shortCharacters = (UInt32(0)..<0x800).map { value in
            var bytes: [UInt8] = []
            bytes.append(utf8: value)
            return tokens.id(of: bytes) ?? -1
        }
    }

    func encode(_ word: UnsafeRawBufferPointer, _ merger: inout SymbolMerger, into result: inout [Int32]) {
        if model.ignoresMerges, let token = tokens.id(of: word) {
            result.append(token)
            return
        }
        let symbols = symbols(of: word)
        for (index, id) in symbols.enumerated() { merger.append(.init(start: index, end: index + 1, id: id)) }
        merger.run { left, right in
            merges[left.id, right.id].map { .init(priority: UInt32($0 >> 32), id: Int32(truncatingIfNeeded: $0)) }
        } emit: { symbol in
            if symbol.id == model.unknown || tokens.contains(symbol.id) {
                result.append(symbol.id)
            } else {
                // What would be structure stays in the parts that it began with.
                result += symbols[Int(symbol.start)..<Int(symbol.end)].filter(tokens.contains)
            }
        }
    }

    /// The tokens of a word's characters.
    private func symbols(of word: UnsafeRawBufferPointer) -> [Int32] {
        var symbols: [Int32] = []
        symbols.reserveCapacity(word.count)
        // Whether an unknown character is still to be added: in the reference, tokens of bytes overtake it.
        var waits = false
        func addWaiting() {
            if waits, let unknown = model.unknown { symbols.append(unknown) }
            waits = false
        }
        var start = 0
        while start < word.count {
            let end = min(start + word[start].characterLength, word.count)
            let character = UnsafeRawBufferPointer(rebasing: word[start..<end])
            if let token = token(of: character, isFirst: start == 0, isLast: end == word.count) {
                addWaiting()
                symbols.append(token)
            } else if let bytes = bytes(of: character, isFirst: start == 0, isLast: end == word.count) {
                symbols += bytes
            } else {
                if !model.fusesUnknown { addWaiting() }
                waits = true
            }
            start = end
        }
        addWaiting()
        return symbols
    }

    private func token(of character: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool) -> Int32? {
        guard (isFirst || model.prefix.isEmpty) && (!isLast || model.suffix.isEmpty) else {
            return tokens.id(of: spelling(character, isFirst: isFirst, isLast: isLast))
        }
        switch character.count {
        case 1: return Self.existing(shortCharacters[Int(character[0] & 0x7F)])
        case 2: return Self.existing(shortCharacters[Int(character[0] & 0x1F) << 6 | Int(character[1] & 0x3F)])
        default: return tokens.id(of: character)
        }
    }

    private static func existing(_ token: Int32) -> Int32? { token >= 0 ? token : nil }

    private func bytes(of character: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool) -> [Int32]? {
        guard model.fallsBackToBytes else { return nil }
        return spelling(character, isFirst: isFirst, isLast: isLast).withUnsafeBytes {
            ModelTokens.bytes($0, byteTokens)
        }
    }

    private func spelling(_ character: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool) -> [UInt8] {
        (isFirst ? [] : model.prefix) + character + (isLast ? model.suffix : [])
    }
}
