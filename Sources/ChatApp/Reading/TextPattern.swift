import TUI

/// A text to search for. Case is ignored unless the text has capitals; a blank matches any run of blanks and line ends.
/// Markdown's marks within a match are skipped, so that what is read on the screen is found in the source.
struct TextPattern: Sendable, Equatable {
    let text: String
    /// In UTF-8, with single blanks.
    private let bytes: [UInt8]
    private let ignoresCase: Bool
    /// Whether non-ASCII letters must be converted to lower case before they are compared.
    private let foldsLetters: Bool
    private let hasMarks: Bool

    /// nil for a blank text.
    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty else { return nil }
        self.text = text
        bytes = Array(words.joined(separator: " ").utf8)
        ignoresCase = !text.contains(where: \.isUppercase)
        foldsLetters = ignoresCase && text.unicodeScalars.contains { !$0.isASCII && $0.properties.isCased }
        hasMarks = bytes.contains(where: Self.isMark)
    }

    /// All occurrences as ranges of the text's UTF-8, from left to right without overlaps.
    func ranges(in text: String) -> [Range<Int>] {
        var text = text
        return foldsLetters ? ranges(in: Self.folded(text)) : text.withUTF8 { ranges(in: $0) }
    }

    private func ranges(in text: some RandomAccessCollection<UInt8>) -> [Range<Int>] {
        text.withContiguousStorageIfAvailable { text in
            var found: [Range<Int>] = []
            var position = 0
            while position < text.count {
                if fold(text[position]) == bytes[0], let end = end(of: position, in: text) {
                    found.append(position..<end)
                    position = end
                } else {
                    position += 1
                }
            }
            return found
        } ?? []
    }

    /// The end of the match that starts here; nil if there is none.
    private func end(of start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        var position = start
        for byte in bytes {
            if byte == UInt8(ascii: " ") {
                let first = position
                while position < text.count, Self.isBlank(text[position]) || passes(text[position]) { position += 1 }
                if !text[first..<position].contains(where: Self.isBlank) { return nil }
            } else {
                while position > start, position < text.count, passes(text[position]) { position += 1 }
                guard position < text.count, fold(text[position]) == byte else { return nil }
                position += 1
            }
        }
        return position
    }

    private func fold(_ byte: UInt8) -> UInt8 {
        ignoresCase && UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    private func passes(_ byte: UInt8) -> Bool { byte == Self.lineBreak || !hasMarks && Self.isMark(byte) }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D) ~= byte || byte == lineBreak
    }

    /// Separates lines of a layout, where a blank may have been or a word was cut.
    private static let lineBreak: UInt8 = 0x1F

    /// In lower case, except for letters whose length in bytes would change, so that offsets stay the same.
    private static func folded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                bytes.append(UInt8(scalar.value))
                continue
            }
            let own = UTF8.width(scalar)
            let small = scalar.properties.lowercaseMapping
            bytes += small.utf8.count == own ? Array(small.utf8) : Array(String(scalar).utf8)
        }
        return bytes
    }
}

extension TextPattern {
    /// A match in the lines of a layout: which bytes of which lines, of several lines if it was wrapped.
    struct LineMatch: Sendable, Equatable {
        struct Part: Sendable, Equatable {
            var line: Int
            /// Of the line's text, in UTF-8.
            var bytes: Range<Int>
        }
        var parts: [Part]
    }

    func matches(in lines: some Collection<StyledLine>) -> [LineMatch] {
        var joined = ""
        // Where each line starts in `joined`, and how many bytes of its beginning were left out: indents and quote bars.
        var starts: [(offset: Int, skipped: Int)] = []
        for line in lines {
            let text = line.text
            let body = text.drop { $0 == " " || $0 == "│" }
            starts.append((joined.utf8.count, text.utf8.count - body.utf8.count))
            joined += body
            joined += "\u{1F}"
        }
        var line = 0
        return ranges(in: joined).map { range in
            while line + 1 < starts.count, starts[line + 1].offset <= range.lowerBound { line += 1 }
            var parts: [LineMatch.Part] = []
            for reached in line..<starts.count {
                guard starts[reached].offset < range.upperBound else { break }
                let start = starts[reached]
                let end = (reached + 1 < starts.count ? starts[reached + 1].offset : joined.utf8.count) - 1
                let own = max(range.lowerBound, start.offset)..<max(range.lowerBound, min(range.upperBound, end))
                let shift = start.skipped - start.offset
                if !own.isEmpty {
                    parts.append(.init(line: reached, bytes: own.lowerBound + shift..<own.upperBound + shift))
                }
            }
            return LineMatch(parts: parts)
        }
    }
}

extension StyledLine {
    /// With another role for a part of the text, given in bytes of UTF-8. Characters are not split.
    func restyled(_ bytes: Range<Int>, _ role: StyleRole) -> StyledLine {
        var result = StyledLine()
        var start = 0
        for span in spans {
            let count = span.text.utf8.count
            let low = span.text.characterBoundary(atByte: bytes.lowerBound - start, roundingUp: false)
            let high = span.text.characterBoundary(atByte: bytes.upperBound - start, roundingUp: true)
            let parts = [(span.text.startIndex..<low, false), (low..<high, true), (high..<span.text.endIndex, false)]
            for (range, isInside) in parts where !range.isEmpty {
                var piece = span
                piece.text = String(span.text[range])
                if isInside { (piece.role, piece.tint) = (role, nil) }
                result.spans.append(piece)
            }
            start += count
        }
        return result
    }
}

extension String {
    /// The nearest character boundary at or before a UTF-8 offset, or at or after it, within the text.
    fileprivate func characterBoundary(atByte offset: Int, roundingUp: Bool) -> Index {
        guard offset > 0 else { return startIndex }
        guard offset < utf8.count else { return endIndex }
        var index = utf8.index(startIndex, offsetBy: offset)
        while index < endIndex, index > startIndex, Index(index, within: self) == nil {
            index = roundingUp ? utf8.index(after: index) : utf8.index(before: index)
        }
        return index
    }
}
