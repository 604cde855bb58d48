/// Movement by character, word, line and text.
extension TextEditor {
    var left: Position {
        if cursor.column > 0 { return Position(line: cursor.line, column: cursor.column - 1) }
        guard cursor.line > 0 else { return cursor }
        return Position(line: cursor.line - 1, column: lines[cursor.line - 1].count)
    }

    var right: Position {
        if cursor.column < lines[cursor.line].count { return Position(line: cursor.line, column: cursor.column + 1) }
        return cursor.line + 1 < lines.count ? Position(line: cursor.line + 1, column: 0) : cursor
    }

    var lineStart: Position { Position(line: cursor.line, column: 0) }
    var lineEnd: Position { Position(line: cursor.line, column: lines[cursor.line].count) }

    /// The start of the word at or before the cursor; words consist of letters and digits.
    var wordStart: Position { search(backward: true, skipping: { !$0.isWordPart }, over: \.isWordPart) }
    /// The end of the word at or after the cursor.
    var wordEnd: Position { search(backward: false, skipping: { !$0.isWordPart }, over: \.isWordPart) }
    /// The start of the word at or before the cursor; words are separated by white space.
    var blankWordStart: Position {
        search(backward: true, skipping: \.isWhitespace, over: { !$0.isWhitespace })
    }

    /// Moves over line breaks and skipped characters, then over the word.
    private func search(
        backward: Bool, skipping isSkipped: (Character) -> Bool, over isWord: (Character) -> Bool
    ) -> Position {
        var walker = self
        func next() -> Character? {
            let line = walker.lines[walker.cursor.line]
            let column = walker.cursor.column - (backward ? 1 : 0)
            return line.indices.contains(column) ? line[column] : nil
        }
        func advance() -> Bool {
            let old = walker.cursor
            walker.cursor = backward ? walker.left : walker.right
            return walker.cursor != old
        }
        while next().map(isSkipped) ?? true, advance() {}
        while let character = next(), isWord(character), advance() {}
        return walker.cursor
    }

    /// Moves to the position nearest to a point in a box laid out by `EditorLayout`.
    public mutating func moveCursor(to point: Point, size: Size) {
        var rows = point.y - EditorLayout(self, size: size).cursor.y
        wantedColumn = max(0, point.x)
        while rows != 0, !moveVertically(rows, width: size.width) { rows -= rows.signum() }
        if rows == 0 {
            let segment = EditorSegment(containing: cursor, in: self)
            let location = segment.location(of: cursor, in: self, width: size.width)
            cursor = segment.position(at: max(0, point.x), row: location.row, in: self, width: size.width)
        }
        wantedColumn = nil
        lastAction = .other
    }

    /// Moves by rows wrapped to `width` columns. Returns false and changes nothing if there is no such row.
    public mutating func moveVertically(_ rows: Int, width: Int) -> Bool {
        lastAction = .other
        var segment = EditorSegment(containing: cursor, in: self)
        let location = segment.location(of: cursor, in: self, width: width)
        let wanted = wantedColumn ?? location.x
        var row = location.row + rows
        while row < 0 {
            guard let previous = segment.previous(in: self) else { return false }
            segment = previous
            row += segment.rows(in: self, width: width).count
        }
        while case let count = segment.rows(in: self, width: width).count, row >= count {
            guard let next = segment.next(in: self) else { return false }
            segment = next
            row -= count
        }
        cursor = segment.position(at: wanted, row: row, in: self, width: width)
        wantedColumn = wanted
        return true
    }
}

extension Character {
    fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
