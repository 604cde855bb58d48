/// Text in which formulas are replaced by marks, so that Markdown finds no emphasis, list or escape in them.
///
/// A mark is a number between two Unicode noncharacters. If such characters occur in the text itself they become U+FFFD,
/// which is how they would be displayed anyway. The same pass inserts the placeholders of `CJKEmphasis` and
/// `LiteralMarks`; all are removed after parsing.
struct MaskedSource {
    struct Formula {
        /// With its delimiters.
        var source: String
        /// Without its delimiters.
        var tex: String
        var isDisplayed: Bool
    }

    var text: [UInt8] = []
    private(set) var formulas: [Formula] = []
    /// Where in the source each line of `text` starts; line ends inside formulas are not counted.
    private(set) var lineStarts = [0]
    /// Whether placeholders for emphasis, marks or bars were inserted.
    private(set) var hasPlaceholders = false

    /// U+FDD0 and U+FDD1, which cannot be written in a string literal.
    static let open: [UInt8] = [0xEF, 0xB7, 0x90]
    static let close: [UInt8] = [0xEF, 0xB7, 0x91]
    /// U+FDD3, which stands for a bar in code.
    private static let bar: [UInt8] = [0xEF, 0xB7, 0x93]

    private let source: ArraySlice<UInt8>
    private var finder: FormulaFinder
    private var position: Int
    /// By number of backticks: up to where a search for closing ones found nothing. It need not be repeated before that
    /// point.
    private var searchedUpTo: [Int: Int] = [:]

    /// - Parameter isGrowing: a displayed formula may be unclosed at the end of the text.
    init(_ source: ArraySlice<UInt8>, isGrowing: Bool) {
        self.source = source
        finder = FormulaFinder(source, isGrowing: isGrowing)
        position = source.startIndex
        text.reserveCapacity(source.count)
        maskAll()
    }

    private mutating func maskAll() {
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

    /// Processes a line, and any more lines that a formula or a span of code started in it extends over.
    private mutating func maskLine() {
        let isQuoted = source[position...].drop { $0 == UInt8(ascii: " ") }.first == UInt8(ascii: ">")
        var isLineStart = true
        while position < source.endIndex, source[position] != UInt8(ascii: "\n") {
            let byte = source[position]
            switch byte {
            case UInt8(ascii: "`"): copyCode()
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): copyDelimiters(byte)
            case UInt8(ascii: "$"), UInt8(ascii: "\\"):
                if let formula = finder.formula(at: position, isLineStart: isLineStart) {
                    mask(formula, isQuoted: isQuoted)
                } else {
                    copyPossibleEscape(byte)
                }
            case Self.open[0] where isMark:
                text += Array("\u{FFFD}".utf8)
                position += Self.open.count
            default: copy(to: isLineStart ? position + 1 : plainEnd)
            }
            if isLineStart, !FenceTracker.isPrefix(byte) { isLineStart = false }
        }
    }

    /// The end of the plain text that starts here.
    private var plainEnd: Int {
        source[(position + 1)...].firstIndex { byte in
            byte == UInt8(ascii: "`") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\")
                || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
                || byte == UInt8(ascii: "\n") || byte == Self.open[0]
        } ?? source.endIndex
    }

    private var isMark: Bool { Self.marks.contains { source[position...].starts(with: $0) } }

    /// Everything that is inserted here, and must not be in the text before.
    private static let marks: [[UInt8]] =
        [open, close, bar, CJKEmphasis.placeholder] + LiteralMarks.placeholders.values

    private mutating func copy(to end: Int) {
        text += source[position..<end]
        for index in position..<end where source[index] == UInt8(ascii: "\n") {
            lineStarts.append(index + 1 - source.startIndex)
        }
        position = end
    }

    private mutating func copyDelimiters(_ delimiter: UInt8) {
        let end = source[position...].firstIndex { $0 != delimiter } ?? source.endIndex
        if LiteralMarks.isLiteral(position..<end, in: source), let placeholder = LiteralMarks.placeholders[delimiter] {
            for _ in position..<end { text += placeholder }
            position = end
            hasPlaceholders = true
            return
        }
        guard delimiter != UInt8(ascii: "_") else { return copy(to: end) }
        let needed = CJKEmphasis.placeholders(
            between: source.scalar(before: position), and: source.scalar(at: end))
        if needed.before { text += CJKEmphasis.placeholder }
        copy(to: end)
        if needed.after { text += CJKEmphasis.placeholder }
        hasPlaceholders = hasPlaceholders || needed.before || needed.after
    }

    /// Copies a dollar sign, or a backslash with what it escapes. One that separates the parts of a path is escaped
    /// itself.
    private mutating func copyPossibleEscape(_ byte: UInt8) {
        let next = source[(position + 1)...].first ?? 0x20
        guard byte == UInt8(ascii: "\\"), next > 0x20 else { return copy(to: position + 1) }
        if next == byte || !next.isWordByte, LiteralMarks.isSeparator(position, in: source) {
            text.append(byte)
            copy(to: position + 1)
        } else {
            copy(to: position + 2)
        }
    }

    private mutating func mask(_ formula: FormulaFinder.Match, isQuoted: Bool) {
        var tex = String(decoding: source[formula.content], as: UTF8.self)
        if isQuoted {
            tex = tex.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                let inner = line.drop { $0 == " " }
                return inner.first == ">" ? String(inner.dropFirst()) : String(line)
            }.joined(separator: "\n")
        }
        text += Self.open + Array(String(formulas.count).utf8) + Self.close
        formulas.append(
            Formula(
                source: String(decoding: source[formula.start..<formula.end], as: UTF8.self), tex: tex,
                isDisplayed: formula.isDisplayed))
        position = formula.end
    }

    // MARK: Code

    /// Copies a span of code to its closing backticks; only the opening ones if there are none.
    private mutating func copyCode() {
        let length = source[position...].prefix { $0 == UInt8(ascii: "`") }.count
        copy(to: position + length)
        if searchedUpTo[length, default: 0] > position { return }
        var index = position
        while index < source.endIndex {
            if source[index] == UInt8(ascii: "`") {
                let run = source[index...].prefix { $0 == UInt8(ascii: "`") }.count
                if run == length { return copyCode(source[position..<index], closing: run) }
                index += run
            } else if source.isParagraphEnd(index) || source.isBlockStart(after: index) {
                break
            } else {
                index += 1
            }
        }
        searchedUpTo[length] = index
    }

    /// Replaces bars in code by placeholders. GFM would end the table cell at an unescaped one, but people and models
    /// write `a || b` in tables all the same.
    private mutating func copyCode(_ content: ArraySlice<UInt8>, closing length: Int) {
        let bar = UInt8(ascii: "|"), feed = UInt8(ascii: "\n")
        if content.contains(bar), !content.contains(feed), content.first != 0x20, content.last != 0x20 {
            var previous: UInt8 = 0
            for byte in content {
                text += byte == bar && previous != UInt8(ascii: "\\") ? Self.bar : [byte]
                previous = byte
            }
            position = content.endIndex
            hasPlaceholders = true
        }
        copy(to: content.endIndex + length)
    }
}
