/// SentencePiece, GGUF's `llama` tokenizer model: repeatedly joins the adjacent pair whose token has the highest score.
/// Spaces are written `▁`, and characters without a token become byte tokens (Kudo & Richardson 2018).
struct SentencePieceEncoder: Sendable {
    /// `▁` (U+2581), a space in pieces.
    static let space: [UInt8] = [0xE2, 0x96, 0x81]

    /// The token of each byte; if the vocabulary has none, the unknown token or nil.
    private let byteTokens: [Int32?]

    init(vocabulary: Vocabulary, unknown: Int32?) {
        byteTokens = (0...UInt8.max).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            let name = "<0x" + (digits.count == 1 ? "0" : "") + digits + ">"
            return vocabulary.id(of: name) ?? [byte].withUnsafeBytes(vocabulary.plainID) ?? unknown
        }
    }

    /// Appends the tokens of a text without special tokens.
    func encode(
        _ text: UnsafeRawBufferPointer, addsSpacePrefix: Bool, _ vocabulary: Vocabulary, into tokens: inout [Int32]
    ) {
        var escaped = addsSpacePrefix ? Self.space : []
        escaped.reserveCapacity(text.count + text.count / 2)
        for byte in text {
            if byte == 0x20 { escaped += Self.space } else { escaped.append(byte) }
        }
        escaped.withUnsafeBytes { text in
            func piece(_ start: Int32, _ end: Int32) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: text[Int(start)..<Int(end)])
            }
            var merger = SymbolMerger()
            var start = 0
            while start < text.count {
                let end = min(start + Self.characterLength(text[start]), text.count)
                merger.append(.init(start: start, end: end, id: -1))
                start = end
            }
            merger.run { left, right in
                vocabulary.plainID(of: piece(left.start, right.end)).map {
                    .init(priority: Self.priority(vocabulary.score(of: $0)), id: $0)
                }
            } emit: { symbol in
                if let token = symbol.id >= 0 ? symbol.id : vocabulary.plainID(of: piece(symbol.start, symbol.end)) {
                    tokens.append(token)
                } else {
                    tokens += piece(symbol.start, symbol.end).compactMap { byteTokens[Int($0)] }
                }
            }
        }
    }

    /// The text of a piece, with spaces instead of `▁`.
    static func unescape(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var rest = piece
        while let byte = rest.first {
            let isSpace = rest.starts(with: space)
            text.append(isSpace ? 0x20 : byte)
            rest = rest.dropFirst(isSpace ? space.count : 1)
        }
        return text
    }

    /// The length of the UTF-8 sequence that starts with a lead byte.
    private static func characterLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }

    /// Maps scores to priorities in reverse order; NaN comes last.
    private static func priority(_ score: Float) -> UInt32 {
        guard !score.isNaN else { return .max }
        let bits = (score + 0).bitPattern  // +0: both zeros are equal
        return bits >> 31 == 0 ? ~(bits | 1 << 31) : bits
    }
}
