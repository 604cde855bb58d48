/// Splits a text into words before byte-pair encoding: merges never cross word boundaries.
struct PreTokenizer: Sendable {
    private let patterns: [Pattern]
    private let groupsDigits: Bool

    init(_ row: PreTokenizerRow) throws(PatternError) {
        var patterns: [Pattern] = []
        for source in row.patterns { patterns.append(try Pattern(source)) }
        self.patterns = patterns
        groupsDigits = row.groupsDigits
    }

    /// The lengths of a text's words, in scalars. Each pattern splits the words of the pattern before it: its matches
    /// become words, and so does the text between them.
    func split(_ text: [ClassifiedScalar]) -> [Int] {
        var words = groupsDigits ? Self.digitGroups(text) : [text.count]
        var scratch = Pattern.Scratch(length: text.count * max(1, patterns.count))
        for pattern in patterns {
            var finer: [Int] = []
            finer.reserveCapacity(max(words.count, text.count / 4))
            var start = 0
            for word in words {
                text.withUnsafeBufferPointer { text in
                    let text = UnsafeBufferPointer(rebasing: text[start..<start + word])
                    Self.split(text, by: pattern, into: &finer, &scratch)
                }
                start += word
            }
            words = finer
        }
        return words
    }

    /// Cuts runs of digits into groups of three from the right: 1|234|567.
    private static func digitGroups(_ text: [ClassifiedScalar]) -> [Int] {
        var words: [Int] = []
        var start = 0
        while start < text.count {
            let isNumber = text[start].isNumber
            let end = text[start...].firstIndex { $0.isNumber != isNumber } ?? text.count
            while isNumber, start < end {
                let group = (end - start - 1) % 3 + 1
                words.append(group)
                start += group
            }
            if start < end { words.append(end - start) }
            start = end
        }
        return words
    }

    private static func split(
        _ text: UnsafeBufferPointer<ClassifiedScalar>, by pattern: Pattern, into words: inout [Int],
        _ scratch: inout Pattern.Scratch
    ) {
        var wordStart = 0
        var position = 0
        while position < text.count {
            guard let end = pattern.match(text, at: position, &scratch), end > position else {
                position += 1
                continue
            }
            if position > wordStart { words.append(position - wordStart) }
            words.append(end - position)
            position = end
            wordStart = end
        }
        if wordStart < text.count { words.append(text.count - wordStart) }
    }
}
