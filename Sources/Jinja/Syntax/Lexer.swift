/// Cuts a template into tokens, and applies whitespace control on the way, as Jinja2 does with `trim_blocks` (the
/// newline after a block is dropped) and `lstrip_blocks` (blanks before a block that starts its line are dropped).
/// `-` beside a delimiter strips all whitespace on that side; `+` keeps it.
///
/// This file reads the text between tags and finds the tags; `LexerTags.swift` reads what is inside them.
struct Lexer {
    let source: [Unicode.Scalar]
    var position = 0
    var line = 1
    var tokens: [Token] = []
    /// True when what was last read ended a line, so that blanks before the next tag may be dropped.
    var atLineStart = true

    /// All tokens of `source`, the last one being `.end`.
    static func tokens(of source: String, limits: JinjaLimits) throws(JinjaError) -> [Token] {
        guard source.unicodeScalars.count <= limits.sourceLength else {
            throw JinjaError(.limit, "the template is longer than \(limits.sourceLength) characters")
        }
        var lexer = Lexer(source: normalized(source))
        while lexer.position < lexer.source.count { try lexer.readText() }
        lexer.add(.end)
        return lexer.tokens
    }

    /// Every kind of line end becomes `\n`, and one at the end of the template is dropped.
    private static func normalized(_ source: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(source.utf8.count)
        var afterReturn = false
        for scalar in source.unicodeScalars {
            if scalar == "\n", afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            scalars.append(afterReturn ? "\n" : scalar)
        }
        if scalars.last == "\n" { scalars.removeLast() }
        return scalars
    }

    mutating func add(_ kind: Token.Kind) { tokens.append(Token(kind: kind, line: line)) }

    // MARK: - Text

    private enum Tag { case block, variable, comment }

    /// Reads text up to the next tag, and the tag.
    private mutating func readText() throws(JinjaError) {
        let start = position
        var tag: Tag?
        var end = start
        while end < source.count {
            tag = tagStarting(at: end)
            if tag != nil { break }
            end += 1
        }
        guard let tag else {
            position = source.count
            addText(start..<end)
            return
        }
        position = end + 2
        if tag == .block, let raw = rawBlockBody() {
            addText(stripped(start..<end, control: raw.control, isVariable: false), endingAt: end)
            try readRawBlock(after: raw.end)
            return
        }
        let control = readControl()
        addText(stripped(start..<end, control: control, isVariable: tag == .variable), endingAt: end)
        switch tag {
        case .comment: try skipComment()
        case .block: try readTag(begin: .blockBegin, end: .blockEnd)
        case .variable: try readTag(begin: .variableBegin, end: .variableEnd)
        }
    }

    private func tagStarting(at index: Int) -> Tag? {
        guard source[index] == "{", index + 1 < source.count else { return nil }
        switch source[index + 1] {
        case "%": return .block
        case "{": return .variable
        case "#": return .comment
        default: return nil
        }
    }

    /// The `-` or `+` beside an opening delimiter.
    private mutating func readControl() -> Unicode.Scalar? {
        let control = control(at: position)
        if control != nil { position += 1 }
        return control
    }

    /// What is left of the text before a tag.
    private func stripped(_ range: Range<Int>, control: Unicode.Scalar?, isVariable: Bool) -> Range<Int> {
        var end = range.upperBound
        if control == "-" {
            while end > range.lowerBound, source[end - 1].isPythonSpace { end -= 1 }
        } else if control == nil, !isVariable {
            while end > range.lowerBound, source[end - 1] != "\n", source[end - 1].isPythonSpace { end -= 1 }
            let reachesLineStart = end > range.lowerBound ? source[end - 1] == "\n" : atLineStart
            if !reachesLineStart { end = range.upperBound }
        }
        return range.lowerBound..<end
    }

    /// Adds the text at `range`; `end` is where the text ended before it was stripped.
    private mutating func addText(_ range: Range<Int>, endingAt end: Int? = nil) {
        if !range.isEmpty { add(.data(JinjaString(scalars: Array(source[range]), trusted: true))) }
        countLines(range.lowerBound..<(end ?? range.upperBound))
    }

    mutating func countLines(_ range: Range<Int>) {
        for scalar in source[range] where scalar == "\n" { line += 1 }
    }

    // MARK: - Comments and raw blocks

    private mutating func skipComment() throws(JinjaError) {
        let start = position
        while position < source.count {
            if let end = closingDelimiter(at: position, first: "#") {
                position = end
                finishTag(start)
                return
            }
            position += 1
        }
        throw JinjaError(.syntax, "a comment is not closed: '#}' is missing", line: line)
    }

    /// At the inside of `{%`: where the body of a `raw` block starts, if this is one.
    private func rawBlockBody() -> (control: Unicode.Scalar?, end: Int)? {
        var index = position
        let control = control(at: index)
        if control != nil { index += 1 }
        index = skipSpace(from: index)
        guard matches("raw", at: index) else { return nil }
        index = skipSpace(from: index + 3)
        if matches("-%}", at: index) { return (control, skipSpace(from: index + 3)) }
        return matches("%}", at: index) ? (control, index + 2) : nil
    }

    private mutating func readRawBlock(after start: Int) throws(JinjaError) {
        let opening = position
        position = start
        finishTag(opening)
        var end = start
        while end + 1 < source.count {
            if source[end] == "{", source[end + 1] == "%", let tag = endOfRawBlock(at: end + 2) {
                addText(stripped(start..<end, control: tag.control, isVariable: false), endingAt: end)
                position = tag.end
                finishTag(end)
                return
            }
            end += 1
        }
        throw JinjaError(.syntax, "a raw block is not closed: '{% endraw %}' is missing", line: line)
    }

    private func endOfRawBlock(at start: Int) -> (control: Unicode.Scalar?, end: Int)? {
        var index = start
        let control = control(at: index)
        if control != nil { index += 1 }
        index = skipSpace(from: index)
        guard matches("endraw", at: index) else { return nil }
        index = skipSpace(from: index + 6)
        return closingDelimiter(at: index, first: "%").map { (control, $0) }
    }

    // MARK: - Delimiters

    /// The position behind a closing delimiter (`%}`, `-%}`, `+%}`, and so for `#`), whitespace control included.
    func closingDelimiter(at index: Int, first: Unicode.Scalar) -> Int? {
        var index = index
        let control = control(at: index)
        if control != nil { index += 1 }
        guard scalar(at: index) == first, scalar(at: index + 1) == "}" else { return nil }
        index += 2
        if control == "-" { return skipSpace(from: index) }
        if control == nil, scalar(at: index) == "\n" { index += 1 }
        return index
    }

    /// Notes that a tag which started at `start` was read up to `position`.
    mutating func finishTag(_ start: Int) {
        countLines(start..<position)
        atLineStart = position > start && source[position - 1] == "\n"
    }

    /// `-` or `+` at `index`: whitespace control.
    private func control(at index: Int) -> Unicode.Scalar? {
        guard let scalar = scalar(at: index), scalar == "-" || scalar == "+" else { return nil }
        return scalar
    }

    func scalar(at index: Int) -> Unicode.Scalar? { index < source.count ? source[index] : nil }

    func skipSpace(from index: Int) -> Int {
        var index = index
        while index < source.count, source[index].isPythonSpace { index += 1 }
        return index
    }

    func matches(_ text: StaticString, at index: Int) -> Bool {
        let wanted = text.description.unicodeScalars
        return index + wanted.count <= source.count && source[index..<index + wanted.count].elementsEqual(wanted)
    }
}
