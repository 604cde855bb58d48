import JSON

/// The texts of tokens in a stream (`decoder`). A step that needs the whole text in the reference, such as `Strip` after
/// `Fuse`, applies to the first token.
struct TokenDecoder: Sendable {
    private let steps: [Step]
    /// Whether a token that follows an equal one has no text, as in speech recognition.
    let joinsRepeats: Bool
    /// The end of tokens whose last space is only for another token after them.
    private let suffix: [UInt8]?

    private enum Step: Sendable {
        case byteLevel
        case byteFallback
        /// A space before every token but the first, unless it has the prefix, which is left out.
        case wordPiece(prefix: [UInt8], cleansUp: Bool)
        case metaspace([UInt8], dropsFirst: Bool)
        case replace(TextPattern, [UInt32])
        case replaceText([UInt8], [UInt8])
        /// Up to this many characters at the ends of each token, or of all of them.
        case strip([UInt8], start: Int, end: Int)
        case stripStart([UInt8], Int)
        case suffix([UInt8])
        case speech(padding: [UInt8], delimiter: [UInt8]?)
        /// A space before every token but the first.
        case spaces
    }

    private enum Name: String, CaseIterable {
        case sequence = "Sequence", byteLevel = "ByteLevel", wordPiece = "WordPiece", metaspace = "Metaspace"
        case byteFallback = "ByteFallback", fuse = "Fuse", strip = "Strip", replace = "Replace"
        case suffix = "BPEDecoder", speech = "CTC"
    }

    init(_ field: FileField) throws(TokenizerError) {
        var steps: [Step] = []
        var isFused = false
        if field.isAbsent { steps = [.spaces] } else { try Self.read(field, &steps, &isFused) }
        self.steps = steps
        joinsRepeats = steps.contains { if case .speech = $0 { true } else { false } }
        suffix = steps.lazy.compactMap { if case .suffix(let suffix) = $0 { suffix } else { nil } }.first
    }

    /// Whether a token's last space is only for another token after it.
    func holdsLastSpace(of piece: ArraySlice<UInt8>) -> Bool {
        suffix.map { !$0.isEmpty && piece.suffix($0.count).elementsEqual($0) } ?? false
    }

    private static func read(
        _ field: FileField, _ steps: inout [Step], _ isFused: inout Bool
    ) throws(TokenizerError) {
        guard steps.count <= TextNormalizer.mostSteps else {
            throw field.error("more than \(TextNormalizer.mostSteps) steps")
        }
        switch try field["type"].variant(Name.self) {
        case .sequence: for item in try field["decoders"].items() { try read(item, &steps, &isFused) }
        case .byteLevel:
            steps.append(.byteLevel)
            isFused = true
        case .fuse: isFused = true
        case .byteFallback: steps.append(.byteFallback)
        case .wordPiece:
            let prefix = Array(try field["prefix"].string().utf8)
            steps.append(.wordPiece(prefix: prefix, cleansUp: try field["cleanup"].bool()))
        case .metaspace:
            let metaspace = try Metaspace(field)
            steps.append(.metaspace(utf8(metaspace.replacement), dropsFirst: metaspace.prepends != .never))
        case .replace: steps.append(try replace(field))
        case .strip:
            let content = utf8(try field["content"].character())
            let start = try field["start"].count(), end = try field["stop"].count()
            steps.append(isFused ? .stripStart(content, start) : .strip(content, start: start, end: end))
        case .suffix: steps.append(.suffix(Array(try field["suffix"].string().utf8)))
        case .speech:
            let padding = Array(try field["pad_token"].string().utf8)
            let delimiter = Array(try field["word_delimiter_token"].string().utf8)
            steps.append(.speech(padding: padding, delimiter: try field["cleanup"].bool() ? delimiter : nil))
        }
    }

    private static func replace(_ field: FileField) throws(TokenizerError) -> Step {
        let content = try field["content"].string()
        let pattern = try TextPattern(field["pattern"])
        guard case .literal(let text) = pattern else { return .replace(pattern, [UInt32](scalarsOf: content)) }
        return .replaceText(text.reduce(into: []) { $0.append(utf8: $1) }, Array(content.utf8))
    }

    private static func utf8(_ value: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(utf8: value)
        return bytes
    }

    /// The bytes of a token.
    ///
    /// - Parameter isFirst: whether no other token with a text precedes it.
    func bytes(of piece: ArraySlice<UInt8>, isFirst: Bool) -> [UInt8] {
        var bytes = Array(piece)
        for step in steps { Self.apply(step, to: &bytes, isFirst: isFirst) }
        return bytes
    }

    private static func apply(_ step: Step, to bytes: inout [UInt8], isFirst: Bool) {
        switch step {
        case .byteLevel: bytes = ByteLevelAlphabet.decode(bytes) ?? bytes
        case .byteFallback:
            if ByteTokens.isByte(String(decoding: bytes, as: UTF8.self)), let byte = ByteTokens.byte(bytes[...]) {
                bytes = [byte]
            }
        case .wordPiece(let prefix, let cleansUp):
            if !isFirst {
                bytes = bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : [0x20] + bytes
            }
            if cleansUp { cleanUp(&bytes) }
        case .metaspace(let mark, let dropsFirst):
            bytes = bytes.replacing(mark, by: isFirst && dropsFirst ? [] : [0x20])
        case .replaceText(let text, let content): bytes = bytes.replacing(text, by: content)
        case .replace(let pattern, let content): replace(pattern, content, in: &bytes)
        case .strip(let content, let start, let end): strip(content, start: start, end: end, &bytes)
        case .stripStart(let content, let count): if isFirst { strip(content, start: count, end: 0, &bytes) }
        case .suffix(let suffix): bytes = bytes.replacing(suffix, by: [0x20])
        case .speech(let padding, let delimiter):
            bytes = bytes.replacing(padding, by: [])
            if let delimiter {
                cleanUp(&bytes)
                bytes = bytes.replacing(delimiter, by: [0x20])
            }
        case .spaces: if !isFirst { bytes.insert(0x20, at: 0) }
        }
    }

    private static func replace(_ pattern: TextPattern, _ content: [UInt32], in bytes: inout [UInt8]) {
        // Part of a character is no text.
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        let scalars = text.unicodeScalars.map { TextScalar($0.value, isTrusted: false) }
        var replaced: [UInt8] = []
        var position = 0
        pattern.forEachMatch(in: scalars) { match in
            for scalar in scalars[position..<match.lowerBound] { replaced.append(utf8: scalar.value) }
            for value in content { replaced.append(utf8: value) }
            position = match.upperBound
        }
        for scalar in scalars[position...] { replaced.append(utf8: scalar.value) }
        bytes = replaced
    }

    private static func strip(_ content: [UInt8], start: Int, end: Int, _ bytes: inout [UInt8]) {
        var rest = bytes[...]
        var count = 0
        while count < start, rest.starts(with: content) {
            rest = rest.dropFirst(content.count)
            count += 1
        }
        count = 0
        while count < end, rest.suffix(content.count).elementsEqual(content) {
            rest = rest.dropLast(content.count)
            count += 1
        }
        bytes = Array(rest)
    }

    /// Spaces before punctuation and in contractions.
    private static func cleanUp(_ bytes: inout [UInt8]) {
        guard bytes.contains(0x20) else { return }
        for (text, clean) in cleanups { bytes = bytes.replacing(text, by: clean) }
    }

    private static let cleanups: [([UInt8], [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }
}

extension [UInt8] {
    /// These bytes with all occurrences of others replaced. An empty text occurs nowhere.
    fileprivate func replacing(_ text: [UInt8], by content: [UInt8]) -> [UInt8] {
        guard let first = text.first, contains(first) else { return self }
        var replaced: [UInt8] = []
        var position = 0
        while position < count {
            if self[position] == first, self[position...].starts(with: text) {
                replaced += content
                position += text.count
            } else {
                replaced.append(self[position])
                position += 1
            }
        }
        return replaced
    }
}
