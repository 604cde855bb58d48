import JSON

/// What a step looks for: `{"String": "…"}` or `{"Regex": "…"}`.
enum TextPattern: Sendable {
    case literal([UInt32])
    case expression(Pattern)

    init(_ field: FileField) throws(TokenizerError) {
        let text = field["String"], expression = field["Regex"]
        if !text.isAbsent {
            let scalars = [UInt32](scalarsOf: try text.string())
            guard scalars.count <= Self.longestText else {
                throw text.error("longer than \(Self.longestText) characters")
            }
            // An empty text is found before and after every character.
            self = scalars.isEmpty ? .expression(Pattern(literal: [])) : .literal(scalars)
            return
        }
        guard !expression.isAbsent else { throw field.error("\"String\" or \"Regex\" expected") }
        self = .expression(try expression.pattern(try expression.string()))
    }

    /// Searching takes as many steps per character.
    private static let longestText = 256

    /// Calls `body` with the matches in a text, from left to right.
    func forEachMatch(in text: [TextScalar], _ body: (Range<Int>) -> Void) {
        switch self {
        case .literal(let literal):
            text.withUnsafeBufferPointer { Self.find(literal, in: $0, \.value, body) }
        case .expression(let pattern):
            let classified = text.map { ClassifiedScalar($0.scalar, upTo: .patterns) }
            var scratch = Pattern.Scratch(length: text.count)
            classified.withUnsafeBufferPointer { pattern.forEachMatch(in: $0, &scratch, body) }
        }
    }

    func forEachMatch(
        in text: UnsafeBufferPointer<ClassifiedScalar>, _ scratch: inout Pattern.Scratch, _ body: (Range<Int>) -> Void
    ) {
        switch self {
        case .literal(let literal): Self.find(literal, in: text, \.value, body)
        case .expression(let pattern): pattern.forEachMatch(in: text, &scratch, body)
        }
    }

    @inline(__always)
    private static func find<Scalar>(
        _ literal: [UInt32], in text: UnsafeBufferPointer<Scalar>, _ value: (Scalar) -> UInt32,
        _ body: (Range<Int>) -> Void
    ) {
        var position = 0
        while position + literal.count <= text.count {
            guard literal.indices.allSatisfy({ value(text[position + $0]) == literal[$0] }) else {
                position += 1
                continue
            }
            body(position..<position + literal.count)
            position += literal.count
        }
    }
}

extension FileField {
    /// A compiled pattern, or an error about this field.
    func pattern(_ source: String) throws(TokenizerError) -> Pattern {
        do throws(PatternError) {
            return try Pattern(source, .oniguruma)
        } catch { throw self.error("\(error)") }
    }
}

extension Pattern {
    /// Calls `body` with the matches in a text, from left to right. An empty match counts unless it is at the end of the
    /// match before it.
    func forEachMatch(
        in text: UnsafeBufferPointer<ClassifiedScalar>, _ scratch: inout Scratch, _ body: (Range<Int>) -> Void
    ) {
        var position = 0
        var lastEnd: Int?
        while position <= text.count {
            guard let end = match(text, at: position, &scratch), end > position || end != lastEnd else {
                position += 1
                continue
            }
            body(position..<end)
            lastEnd = end
            position = end
        }
    }
}
