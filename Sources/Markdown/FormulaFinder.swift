/// Finds formulas in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\begin{…}…\end{…}`.
struct FormulaFinder {
    struct Match {
        /// Where the opening delimiter starts.
        var start: Int
        var content: Range<Int>
        /// Where the closing delimiter ends.
        var end: Int
        var isDisplayed: Bool
    }

    private let source: ArraySlice<UInt8>
    /// Whether a displayed formula may be unclosed at the end of the text.
    private let isGrowing: Bool
    /// By closing delimiter: up to where a search found nothing. It need not be repeated before that point.
    private var searchedUpTo: [String: Int] = [:]

    private static let maxLength = 4_000

    init(_ source: ArraySlice<UInt8>, isGrowing: Bool) {
        self.source = source
        self.isGrowing = isGrowing
    }

    /// The formula at `position`, where the text has a `$` or a backslash.
    /// - Parameter isLineStart: only markers of quotes and lists come before it on its line.
    mutating func formula(at position: Int, isLineStart: Bool) -> Match? {
        let rest = source[position...]
        if rest.starts(with: "$$".utf8) {
            return delimited(by: "$$", "$$", at: position, isDisplayed: isLineStart, mayBeOpen: isLineStart)
        }
        if rest.first == UInt8(ascii: "$") { return dollarFormula(at: position) }
        if rest.starts(with: #"\["#.utf8) {
            return delimited(by: #"\["#, #"\]"#, at: position, isDisplayed: true, mayBeOpen: true)
        }
        if rest.starts(with: #"\("#.utf8) {
            return delimited(by: #"\("#, #"\)"#, at: position, isDisplayed: false, mayBeOpen: false)
        }
        if isLineStart, rest.starts(with: #"\begin{"#.utf8) { return environment(at: position) }
        return nil
    }

    private mutating func delimited(
        by open: String, _ close: String, at position: Int, isDisplayed: Bool, mayBeOpen: Bool
    ) -> Match? {
        let start = position + open.utf8.count
        let search = end(of: close, from: start)
        if let end = search.found {
            guard source[start..<end].contains(where: { $0 > 0x20 }) else { return nil }
            return Match(
                start: position, content: start..<end, end: end + close.utf8.count, isDisplayed: isDisplayed)
        }
        guard isGrowing, mayBeOpen, search.reachedEnd else { return nil }
        return Match(start: position, content: start..<source.endIndex, end: source.endIndex, isDisplayed: true)
    }

    private mutating func environment(at position: Int) -> Match? {
        let start = position + 7
        let name = source[start...].prefix { $0 != UInt8(ascii: "}") && $0 > 0x20 }.prefix(16)
        let text = String(decoding: name, as: UTF8.self)
        guard Self.environments.contains(text) else { return nil }
        let close = "\\end{\(text)}"
        let search = end(of: close, from: start)
        let end = search.found.map { $0 + close.utf8.count } ?? (isGrowing && search.reachedEnd ? source.endIndex : nil)
        return end.map { Match(start: position, content: position..<$0, end: $0, isDisplayed: true) }
    }

    private static let environments: Set<String> = [
        "equation", "equation*", "align", "align*", "aligned", "gather", "gather*", "cases", "matrix", "pmatrix",
        "bmatrix", "vmatrix", "multline", "multline*",
    ]

    /// Where `close` is in the same paragraph; if it is not, whether the text ended before the paragraph did.
    private mutating func end(of close: String, from start: Int) -> (found: Int?, reachedEnd: Bool) {
        if searchedUpTo[close, default: 0] > start { return (nil, false) }
        let mark = Array(close.utf8)
        let limit = min(source.endIndex, start + Self.maxLength)
        var index = start
        while index < limit {
            if source[index] == mark[0], source[index...].starts(with: mark) { return (index, false) }
            if source.isParagraphEnd(index) { break }
            // Skip escaped characters; but `\\` before `\]` is a line end.
            let isEscape = source[index] == UInt8(ascii: "\\")
            index += isEscape && index + 1 < limit && source[index + 1] != UInt8(ascii: "\n") ? 2 : 1
        }
        if index < limit || limit < source.endIndex { searchedUpTo[close] = index }
        return (nil, index >= source.endIndex)
    }

    // MARK: Dollars

    /// `$…$`. To leave amounts of money alone, a formula must not start or end with a blank, must not be next to a word,
    /// and must not read like a sentence.
    private mutating func dollarFormula(at position: Int) -> Match? {
        let start = position + 1
        guard start < source.endIndex, source[start] > 0x20 else { return nil }
        if isWord(source.scalar(before: position)) { return nil }
        if searchedUpTo["$", default: 0] > start { return nil }
        let limit = min(source.endIndex, start + 1_000)
        var index = start
        while index < limit {
            let byte = source[index]
            if byte == UInt8(ascii: "$") {
                let next = source.scalar(at: index + 1)
                guard source[index - 1] > 0x20, !isWord(next), next != "$", !Self.isMoney(source[start..<index]) else {
                    return nil
                }
                return Match(start: position, content: start..<index, end: index + 1, isDisplayed: false)
            }
            if source.isParagraphEnd(index) || source.isBlockStart(after: index) || byte == UInt8(ascii: "`") { break }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        searchedUpTo["$"] = min(index, limit)
        return nil
    }

    /// Whether no formula can be next to this character. Chinese has no spaces between words and formulas: `设$x$为`.
    private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ($0.isASCII ? UInt8($0.value).isWordByte : !CJKEmphasis.isCJK($0)) } ?? false
    }

    private static func isMoney(_ content: ArraySlice<UInt8>) -> Bool {
        guard let first = content.first, (0x30...0x39).contains(first) else {
            // Words of a sentence between two signs, as in "US$ and A$".
            return content.contains(0x20) && !content.contains { isOperator($0) } && wordCount(content) > 1
        }
        return wordCount(content) > 0 && !content.contains { isOperator($0) }
    }

    private static func isOperator(_ byte: UInt8) -> Bool { "\\^_=+<>{}|*/()'".utf8.contains(byte) || byte >= 0x80 }

    private static func wordCount(_ content: ArraySlice<UInt8>) -> Int {
        content.split(separator: 0x20).count { $0.count > 1 && $0.allSatisfy { ($0 | 0x20).isLetter } }
    }
}
