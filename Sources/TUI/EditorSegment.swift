/// The unit of layout in an editor: a line, or part of a very long one, so that a key press in a megabyte without line
/// breaks costs no more than in a sentence.
struct EditorSegment: Hashable, Sendable {
    var line: Int
    /// The index of the run of `length` characters in the line.
    var part: Int

    private static let length = 4096

    init(line: Int, part: Int) {
        self.line = line
        self.part = part
    }

    init(containing position: TextEditor.Position, in editor: TextEditor) {
        let count = Self.partCount(editor.lines[position.line])
        self.init(line: position.line, part: min(position.column / Self.length, count - 1))
    }

    private static func partCount(_ line: [Character]) -> Int { max(1, (line.count + length - 1) / length) }

    func next(in editor: TextEditor) -> EditorSegment? {
        if !isLast(in: editor) { return EditorSegment(line: line, part: part + 1) }
        return line + 1 < editor.lines.count ? EditorSegment(line: line + 1, part: 0) : nil
    }

    func previous(in editor: TextEditor) -> EditorSegment? {
        if part > 0 { return EditorSegment(line: line, part: part - 1) }
        return line > 0 ? EditorSegment(line: line - 1, part: Self.partCount(editor.lines[line - 1]) - 1) : nil
    }

    /// Whether the line ends in this segment.
    private func isLast(in editor: TextEditor) -> Bool { part + 1 == Self.partCount(editor.lines[line]) }

    /// The rows as ranges of the line's characters. At the end of a full row the cursor is to the right of it; if
    /// blanks hang over, it is on a row of its own.
    func rows(in editor: TextEditor, width: Int) -> [Range<Int>] {
        let characters = editor.lines[line]
        let start = part * Self.length
        let end = isLast(in: editor) ? characters.count : start + Self.length
        var ranges = Wrapping.ranges(of: characters[start..<end].map(Self.cluster), width: width)
            .map { start + $0.lowerBound..<start + $0.upperBound }
        if end == characters.count, let last = ranges.last,
            characters[last].reduce(0, { $0 + Self.cluster($1).width }) > max(2, width)
        {
            ranges.append(end..<end)
        }
        return ranges
    }

    /// The sanitized text of the rows.
    func text(in editor: TextEditor, width: Int) -> [String] {
        rows(in: editor, width: width).map { editor.lines[line][$0].map { Self.cluster($0).text }.joined() }
    }

    /// The row of a position in the segment, and its column on the screen.
    func location(of position: TextEditor.Position, in editor: TextEditor, width: Int) -> (row: Int, x: Int) {
        let ranges = rows(in: editor, width: width)
        let row = ranges.lastIndex { $0.lowerBound <= position.column } ?? 0
        let before = editor.lines[line][ranges[row].lowerBound..<position.column]
        return (row, before.reduce(0) { $0 + Self.cluster($1).width })
    }

    /// The position nearest to column `x` of a row. The end of a row that continues belongs to the next row.
    func position(at x: Int, row: Int, in editor: TextEditor, width: Int) -> TextEditor.Position {
        let ranges = rows(in: editor, width: width)
        let range = ranges[row]
        var column = 0
        for position in range {
            column += Self.cluster(editor.lines[line][position]).width
            if column > x { return TextEditor.Position(line: line, column: position) }
        }
        let endsLine = range.upperBound == editor.lines[line].count && row == ranges.count - 1
        let end = endsLine ? range.upperBound : max(range.lowerBound, range.upperBound - 1)
        return TextEditor.Position(line: line, column: end)
    }

    /// A character as displayed: one cluster, or several for a control character or a long emoji.
    private static func cluster(_ character: Character) -> DisplayCluster {
        if let value = character.asciiValue, (0x20..<0x7F).contains(value) {
            return DisplayCluster(text: String(character), width: 1)
        }
        let text = Sanitizer.visible(String(character))
        return DisplayCluster(text: text, width: DisplayWidth.of(text))
    }
}
