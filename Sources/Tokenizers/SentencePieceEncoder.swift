/// SentencePiece, GGUF's `llama` tokenizer model: repeatedly joins the adjacent pair whose token has the highest score.
/// Spaces are written `▁`, and characters without a token become byte tokens (Kudo & Richardson 2018).
struct SentencePieceEncoder: Sendable {
    /// The token of each byte; if the vocabulary has none, the unknown token or nil.
    private let byteTokens: [Int32?]

    init(vocabulary: Vocabulary, unknown: Int32?) {
        byteTokens = ByteTokens.all(in: vocabulary).enumerated().map { byte, token in
            token ?? [UInt8(byte)].withUnsafeBytes(vocabulary.plainID) ?? unknown
        }
    }

    /// Appends the tokens of a text without special tokens.
    func encode(
        _ text: UnsafeRawBufferPointer, addsSpacePrefix: Bool, _ vocabulary: Vocabulary, into tokens: inout [Int32]
    ) {
        SpaceEscape.escape(text, addsPrefix: addsSpacePrefix).withUnsafeBytes { text in
            func piece(_ start: Int32, _ end: Int32) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: text[Int(start)..<Int(end)])
            }
            var merger = SymbolMerger()
            var start = 0
            while start < text.count {
                let end = min(start + text[start].characterLength, text.count)
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

    /// Maps scores to priorities in reverse order; NaN comes last.
    private static func priority(_ score: Float) -> UInt32 {
        guard !score.isNaN else { return .max }
        let bits = (score + 0).bitPattern  // +0: both zeros are equal
        return bits >> 31 == 0 ? ~(bits | 1 << 31) : bits
    }
}
