/// Splits a template into tokens and applies whitespace control, like Jinja2 with `trim_blocks` (drops the newline
/// after a block) and `lstrip_blocks` (drops blanks before a block at the start of a line). `-` next to a delimiter
/// strips all whitespace on that side; `+` keeps it.
///
/// This file reads the text between tags and finds the tags; `LexerTags.swift` reads what is inside them.
struct Lexer {
    let source: [Unicode.Scalar]
    var position = 0
    var line = 1
    var tokens: [Token] = []
    /// Whether the last token ended a line, so that blanks before the next tag may be dropped.
    var atLineStart = true

    /// The tokens of `source`, the last one being `.end`.
    static func tokenize(_ source: String, limits: JinjaLimits) throws(JinjaError) -> [Token] {
        guard source.unicodeScalars.count <= limits.sourceLength else {
            throw JinjaError(.limit, "the template is longer than \(limits.sourceLength) characters")
        }
        var lexer = Lexer(source: normalized(source))
        while lexer.position < lexer.source.count { try lexer.readText() }
        lexer.add(.end)
        return lexer.tokens
    }

    /// Converts all line endings to `\n` and drops one at the end of the template.
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

    /// Reads text up to the next tag, then the tag.
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

    /// The `-` or `+` after an opening delimiter.
    private mutating func readControl() -> Unicode.Scalar? {
        let control = control(at: position)
        if control != nil { position += 1 }
        return control
    }

    /// The text before a tag after whitespace control.
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

    /// Adds the text in `range`; `end` is where the text ended before stripping.
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
        throw JinjaError(.syntax, "unclosed comment: '#}' is missing", line: line)
    }

    /// Inside a `{%`: the start of the body, if this is a `raw` block.
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
        throw JinjaError(.syntax, "unclosed raw block: '{% endraw %}' is missing", line: line)
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

    /// The position after a closing delimiter (`%}`, `-%}`, `+%}`, likewise for `#`), including whitespace control.
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

    /// Records that a tag starting at `start` has been read up to `position`.
    mutating func finishTag(_ start: Int) {
        countLines(start..<position)
        atLineStart = position > start && source[position - 1] == "\n"
    }

    /// The `-` or `+` at `index`.
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
        let expected = text.description.unicodeScalars
        return index + expected.count <= source.count && source[index..<index + expected.count].elementsEqual(expected)
    }
}
