/// Text in which formulas are replaced by marks, so that Markdown finds no emphasis, no list and no escape in them.
///
/// A mark is a noncharacter of Unicode, a number and another one. Where such characters stand in the text itself they
/// become U+FFFD, as which they would be shown anyway. On the same way `EmphasisJoint`s come in, and out again.
struct MaskedSource {
    struct Formula {
        /// With its delimiters.
        var source: String
        /// Without them.
        var tex: String
        var isDisplayed: Bool
    }

    var text: [UInt8] = []
    private(set) var formulas: [Formula] = []
    /// Where in the source each line of `text` begins: a formula's line ends are gone.
    private(set) var lineStarts = [0]
    /// Whether joints of emphasis or bars were put in.
    private(set) var hasStandIns = false

    /// U+FDD0 and U+FDD1, which a literal of the language cannot hold.
    static let open: [UInt8] = [0xEF, 0xB7, 0x90]
    static let close: [UInt8] = [0xEF, 0xB7, 0x91]
    /// U+FDD3, for a bar in code.
    private static let bar: [UInt8] = [0xEF, 0xB7, 0x93]
    private static let longest = 4_000

    private let source: ArraySlice<UInt8>
    /// A formula that is displayed may end where the text does.
    private let isGrowing: Bool
    private var position: Int
    /// Searches that found nothing need not be made again from further on.
    private var searchedTo: [String: Int] = [:]

    init(_ source: ArraySlice<UInt8>, isGrowing: Bool) {
        self.source = source
        self.isGrowing = isGrowing
        position = source.startIndex
        text.reserveCapacity(source.count)
        run()
    }

    private mutating func run() {
        var fence = FenceTracker()
        while position < source.endIndex {
            let end = source[position...].firstIndex(of: UInt8(ascii: "\n")) ?? source.endIndex
            if fence.read(source[position..<end]) {
                copy(to: end)
            } else {
                maskLine()
            }
            if position < source.endIndex { copy(to: position + 1) }
        }
    }

    /// Works to the end of the line in which the last formula or code that began here ends.
    private mutating func maskLine() {
        let isQuoted = source[position...].drop { $0 == UInt8(ascii: " ") }.first == UInt8(ascii: ">")
        var isLineStart = true
        while position < source.endIndex, source[position] != UInt8(ascii: "\n") {
            let byte = source[position]
            switch byte {
            case UInt8(ascii: "`"): copyCode()
            case UInt8(ascii: "*"), UInt8(ascii: "~"): copyDelimiters(byte)
            case UInt8(ascii: "$"), UInt8(ascii: "\\"):
                if let found = formula(isLineStart: isLineStart) {
                    mask(found, isQuoted: isQuoted)
                } else {
                    let escapes =
                        byte == UInt8(ascii: "\\") && source[(position + 1)...].first.map { $0 > 0x20 } == true
                    copy(to: position + (escapes ? 2 : 1))
                }
            case Self.open[0] where isMark:
                text += Array("\u{FFFD}".utf8)
                position += Self.open.count
            default: copy(to: isLineStart ? position + 1 : plainEnd)
            }
            if isLineStart, !FenceTracker.isPrefix(byte) { isLineStart = false }
        }
    }

    /// Where the text that begins here and means nothing to this pass ends.
    private var plainEnd: Int {
        source[(position + 1)...].firstIndex { byte in
            byte == UInt8(ascii: "`") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\")
                || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "\n")
                || byte == Self.open[0]
        } ?? source.endIndex
    }

    private var isMark: Bool {
        [Self.open, Self.close, Self.bar, EmphasisJoint.bytes].contains { source[position...].starts(with: $0) }
    }

    private mutating func copy(to end: Int) {
        text += source[position..<end]
        for index in position..<end where source[index] == UInt8(ascii: "\n") {
            lineStarts.append(index + 1 - source.startIndex)
        }
        position = end
    }

    private mutating func copyDelimiters(_ delimiter: UInt8) {
        let end = source[position...].firstIndex { $0 != delimiter } ?? source.endIndex
        let sides = EmphasisJoint.sides(between: scalar(before: position), and: scalar(at: end))
        if sides.before { text += EmphasisJoint.bytes }
        copy(to: end)
        if sides.after { text += EmphasisJoint.bytes }
        hasStandIns = hasStandIns || sides.before || sides.after
    }

    private func scalar(before index: Int) -> Unicode.Scalar? {
        let bytes = source[..<index].suffix(4).drop { $0 & 0xC0 == 0x80 }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.last
    }

    private func scalar(at index: Int) -> Unicode.Scalar? {
        String(decoding: source[index...].prefix(4), as: UTF8.self).unicodeScalars.first
    }

    /// A span of code, to its closing marks; the marks alone where there are none.
    private mutating func copyCode() {
        let length = source[position...].prefix { $0 == UInt8(ascii: "`") }.count
        copy(to: position + length)
        let key = "`\(length)"
        if searchedTo[key, default: 0] > position { return }
        var index = position
        while index < source.endIndex {
            if source[index] == UInt8(ascii: "`") {
                let run = source[index...].prefix { $0 == UInt8(ascii: "`") }.count
                if run == length { return copyCode(source[position..<index], closing: run) }
                index += run
            } else if isParagraphEnd(index) || isBlockStart(after: index) {
                break
            } else {
                index += 1
            }
        }
        searchedTo[key] = index
    }

    /// A bar in code is not the edge of a table's cell, though GFM takes it for one where it is not escaped: people and
    /// models write `a || b` in tables all the same.
    private mutating func copyCode(_ content: ArraySlice<UInt8>, closing length: Int) {
        let bar = UInt8(ascii: "|"), feed = UInt8(ascii: "\n")
        if content.contains(bar), !content.contains(feed), content.first != 0x20, content.last != 0x20 {
            var previous: UInt8 = 0
            for byte in content {
                text += byte == bar && previous != UInt8(ascii: "\\") ? Self.bar : [byte]
                previous = byte
            }
            position = content.endIndex
            hasStandIns = true
        }
        copy(to: content.endIndex + length)
    }

    private func isParagraphEnd(_ index: Int) -> Bool {
        guard source[index] == UInt8(ascii: "\n") else { return false }
        let next = source[(index + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
        return next.first == UInt8(ascii: "\n")
    }

    /// Whether the line after this line end begins a heading, a fence or an item, which ends a paragraph too. Lines of a
    /// displayed formula may look like one.
    private func isBlockStart(after index: Int) -> Bool {
        guard source[index] == UInt8(ascii: "\n") else { return false }
        let line = source[(index + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
        guard let first = line.first else { return false }
        if "#`~".utf8.contains(first) { return first == UInt8(ascii: "#") || line.prefix { $0 == first }.count > 2 }
        let marker = line.dropFirst(first.isDigit ? line.prefix(while: \.isDigit).count : 0)
        return marker.first.map { "-+*.)".utf8.contains($0) } == true && marker.dropFirst().first == UInt8(ascii: " ")
    }

    // MARK: Formulas

    private struct Found {
        var open: Int
        var content: Range<Int>
        var end: Int
        var isDisplayed: Bool
    }

    private mutating func formula(isLineStart: Bool) -> Found? {
        let rest = source[position...]
        if rest.starts(with: "$$".utf8) {
            return enclosed("$$", "$$", isDisplayed: isLineStart, mayBeOpen: isLineStart)
        }
        if rest.first == UInt8(ascii: "$") { return dollars() }
        if rest.starts(with: #"\["#.utf8) { return enclosed(#"\["#, #"\]"#, isDisplayed: true, mayBeOpen: true) }
        if rest.starts(with: #"\("#.utf8) { return enclosed(#"\("#, #"\)"#, isDisplayed: false, mayBeOpen: false) }
        if isLineStart, rest.starts(with: #"\begin{"#.utf8) { return environment() }
        return nil
    }

    private mutating func enclosed(_ open: String, _ close: String, isDisplayed: Bool, mayBeOpen: Bool) -> Found? {
        let start = position + open.utf8.count
        let search = end(of: close, from: start)
        if let end = search.found {
            guard source[start..<end].contains(where: { $0 > 0x20 }) else { return nil }
            return Found(
                open: position, content: start..<end, end: end + close.utf8.count, isDisplayed: isDisplayed)
        }
        guard isGrowing, mayBeOpen, search.reachedEnd else { return nil }
        return Found(open: position, content: start..<source.endIndex, end: source.endIndex, isDisplayed: true)
    }

    private mutating func environment() -> Found? {
        let start = position + 7
        let name = source[start...].prefix { $0 != UInt8(ascii: "}") && $0 > 0x20 }.prefix(16)
        let text = String(decoding: name, as: UTF8.self)
        guard Self.environments.contains(text) else { return nil }
        let close = "\\end{\(text)}"
        let search = end(of: close, from: start)
        let end = search.found.map { $0 + close.utf8.count } ?? (isGrowing && search.reachedEnd ? source.endIndex : nil)
        return end.map { Found(open: position, content: position..<$0, end: $0, isDisplayed: true) }
    }

    private static let environments: Set<String> = [
        "equation", "equation*", "align", "align*", "aligned", "gather", "gather*", "cases", "matrix", "pmatrix",
        "bmatrix", "vmatrix", "multline", "multline*",
    ]

    /// Where `close` stands in the same paragraph; else whether the text ended before the paragraph did.
    private mutating func end(of close: String, from start: Int) -> (found: Int?, reachedEnd: Bool) {
        if searchedTo[close, default: 0] > start { return (nil, false) }
        let mark = Array(close.utf8)
        let limit = min(source.endIndex, start + Self.longest)
        var index = start
        while index < limit {
            if source[index] == mark[0], source[index...].starts(with: mark) { return (index, false) }
            if isParagraphEnd(index) { break }
            // An escaped character is no mark, but `\\` before `\]` is a line's end.
            let isEscape = source[index] == UInt8(ascii: "\\")
            index += isEscape && index + 1 < limit && source[index + 1] != UInt8(ascii: "\n") ? 2 : 1
        }
        if index < limit || limit < source.endIndex { searchedTo[close] = index }
        return (nil, index >= source.endIndex)
    }

    /// `$…$`. Amounts of money stay what they are: a formula begins and ends without a blank, nothing but punctuation
    /// follows it, and what begins like a number is no sentence.
    private mutating func dollars() -> Found? {
        let start = position + 1
        guard start < source.endIndex, source[start] > 0x20 else { return nil }
        if isWord(scalar(before: position)) { return nil }
        if searchedTo["$", default: 0] > start { return nil }
        let limit = min(source.endIndex, start + 1_000)
        var index = start
        while index < limit {
            let byte = source[index]
            if byte == UInt8(ascii: "$") {
                guard source[index - 1] > 0x20, !isWord(scalar(at: index + 1)), scalar(at: index + 1) != "$",
                    !Self.isMoney(source[start..<index])
                else { return nil }
                return Found(open: position, content: start..<index, end: index + 1, isDisplayed: false)
            }
            if isParagraphEnd(index) || isBlockStart(after: index) || byte == UInt8(ascii: "`") { break }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        searchedTo["$"] = min(index, limit)
        return nil
    }

    /// Whether a formula cannot stand beside it. Chinese puts no blank between words and formulas: `设$x$为`.
    private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ($0.isASCII ? UInt8($0.value).isWordByte : !EmphasisJoint.isUnspaced($0)) } ?? false
    }

    private static func isMoney(_ content: ArraySlice<UInt8>) -> Bool {
        guard let first = content.first, (0x30...0x39).contains(first) else {
            // Words of a sentence between two signs, as in "US$ and A$".
            return content.contains(0x20) && !content.contains { isOperator($0) } && words(content) > 1
        }
        return words(content) > 0 && !content.contains { isOperator($0) }
    }

    private static func isOperator(_ byte: UInt8) -> Bool { "\\^_=+<>{}|*/()'".utf8.contains(byte) || byte >= 0x80 }

    private static func words(_ content: ArraySlice<UInt8>) -> Int {
        content.split(separator: 0x20).count { $0.count > 1 && $0.allSatisfy { ($0 | 0x20).isLetter } }
    }

    private mutating func mask(_ found: Found, isQuoted: Bool) {
        var tex = String(decoding: source[found.content], as: UTF8.self)
        if isQuoted {
            tex = tex.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                let inner = line.drop { $0 == " " }
                return inner.first == ">" ? String(inner.dropFirst()) : String(line)
            }.joined(separator: "\n")
        }
        text += Self.open + Array(String(formulas.count).utf8) + Self.close
        formulas.append(
            Formula(
                source: String(decoding: source[found.open..<found.end], as: UTF8.self), tex: tex,
                isDisplayed: found.isDisplayed))
        position = found.end
    }
}

extension UInt8 {
    /// Of a word in any script.
    var isWordByte: Bool { isLetter || isDigit || self >= 0x80 }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) && self < 0x80 }
}
