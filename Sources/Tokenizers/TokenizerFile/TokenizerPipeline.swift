/// What a `tokenizer.json` describes besides its vocabulary: how a text becomes tokens, and tokens a text.
public struct TokenizerPipeline: Sendable {
    let normalizers: [TextNormalizer]
    let splitters: [WordSplitter]
    let model: TokenModel
    /// Of each token, whether the model can produce it.
    let isOfModel: [Bool]
    let addedTokens: [AddedToken]
    let template: TokenTemplate
    let decoder: TokenDecoder
}

/// A pipeline made ready for texts.
struct PipelineEncoder: Sendable {
    let template: TokenTemplate
    let decoder: TokenDecoder
    private let normalizers: [TextNormalizer]
    private let splitters: [WordSplitter]
    private let words: WordEncoder
    /// Added tokens that are looked for in the text as it is, and in the normalized text.
    private let original: AddedTokenFinder
    private let normalized: AddedTokenFinder

    init(_ pipeline: TokenizerPipeline, _ vocabulary: Vocabulary) {
        template = pipeline.template
        decoder = pipeline.decoder
        normalizers = pipeline.normalizers
        var splitters = pipeline.splitters
        // Bytes are spelled once for each different word, if nothing else needs their spelling.
        var spellsBytes = false
        if case .byteLevel(var byteLevel)? = splitters.last {
            byteLevel.spells = false
            splitters[splitters.count - 1] = .byteLevel(byteLevel)
            spellsBytes = true
        }
        self.splitters = splitters
        words = WordEncoder(
            pipeline.model, ModelTokens(vocabulary, isOfModel: pipeline.isOfModel), spellsBytes: spellsBytes)
        let added = pipeline.addedTokens
        let rules = added.map { token in
            let text = [UInt32](scalarsOf: token.content)
            return AddedTokenFinder.Rule(
                token, text: token.isNormalized ? NormalizedText(text, pipeline.normalizers).values : text,
                needsTrust: token.isSpecial || vocabulary.isStructure[Int(token.id)])
        }
        let known = Set(added.map(\.id))
        // Structure that the file does not list, such as the markers of the chat template.
        let others = SpecialTokenFinder.tokens(of: vocabulary)
            .filter { vocabulary.isStructure[Int($0)] && !known.contains($0) }
            .map { id in
                let text = String(decoding: vocabulary.bytes(of: id), as: UTF8.self)
                return AddedTokenFinder.Rule(id: id, text: [UInt32](scalarsOf: text), needsTrust: true)
            }
        original = AddedTokenFinder(zip(added, rules).filter { !$0.0.isNormalized }.map(\.1) + others)
        normalized = AddedTokenFinder(zip(added, rules).filter { $0.0.isNormalized }.map(\.1))
    }

    /// Appends the tokens of a text, without those that are put around texts. Special tokens are recognised only inside
    /// the `trusted` ranges, which must be in order.
    func encode(_ text: UnsafeRawBufferPointer, trusted: [Range<Int>], into tokens: inout [Int32]) {
        let scalars = TextScalar.all(in: text, trusted: trusted)
        var cache = WordCache()
        original.split(scalars[...]) { part in
            switch part {
            case .token(let token): tokens.append(token)
            case .text(let range): encode(scalars[range], isFirst: range.lowerBound == 0, &cache, into: &tokens)
            }
        }
    }

    private func encode(
        _ text: ArraySlice<TextScalar>, isFirst: Bool, _ cache: inout WordCache, into tokens: inout [Int32]
    ) {
        let changed = NormalizedText(text, normalizers)
        normalized.split(changed.scalars[...]) { part in
            switch part {
            case .token(let token): tokens.append(token)
            case .text(let range):
                let isFirst = isFirst && changed.keepsStart && range.lowerBound == 0
                let split = SplitText(changed.scalars[range], isFirst: isFirst, splitters)
                words.encode(split, &cache, into: &tokens)
            }
        }
    }

    /// The bytes of a token's text.
    ///
    /// - Parameter isFirst: whether no other token with a text precedes it.
    func bytes(of token: Int32, _ vocabulary: Vocabulary, isFirst: Bool) -> [UInt8] {
        let piece = vocabulary.bytes(of: token)
        guard vocabulary.kind(of: token) == .byte, let byte = ByteTokens.byte(piece) else {
            return decoder.bytes(of: piece, isFirst: isFirst)
        }
        return decoder.bytes(of: [byte], isFirst: isFirst)
    }
}

extension AddedTokenFinder.Rule {
    fileprivate init(_ token: AddedToken, text: [UInt32], needsTrust: Bool) {
        self.init(
            id: token.id, text: text, needsTrust: needsTrust, isSingleWord: token.isSingleWord,
            stripsLeft: token.stripsLeft, stripsRight: token.stripsRight)
    }
}

extension NormalizedText {
    /// The characters of a token, normalized.
    fileprivate init(_ text: [UInt32], _ steps: [TextNormalizer]) {
        self.init(text.map { TextScalar($0, isTrusted: true) }[...], steps)
    }

    fileprivate var values: [UInt32] { scalars.map(\.value) }
}
