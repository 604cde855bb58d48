/// Changes of the text that can be undone.
///
/// A step records only what was removed and inserted, so that an undo costs no more than the change, however long the
/// text is.
struct EditStep: Sendable {
    /// The replacement of characters at a position. Pieces are parts of consecutive lines.
    struct Change: Sendable {
        var start: TextEditor.Position
        var removed: [[Character]]
        var inserted: [[Character]]
    }

    var changes: [Change] = []
    /// The cursor before and after.
    var before: TextEditor.Position
    var after: TextEditor.Position

    static let limit = 1000
}

extension TextEditor {
    /// Starts a step of undo. Letters typed one after another are undone together.
    mutating func beginStep(_ action: Action) {
        let continues = action == .typing && lastAction == .typing
        lastAction = action
        redoStack = []
        if continues, !undoStack.isEmpty { return }
        undoStack.append(EditStep(before: cursor, after: cursor))
        if undoStack.count > EditStep.limit { undoStack.removeFirst() }
    }

    mutating func undo() {
        lastAction = .other
        guard let step = Self.nextStep(&undoStack) else { return }
        for change in step.changes.reversed() {
            exchange(from: change.start, to: Self.end(of: change.inserted, at: change.start), for: change.removed)
        }
        redoStack.append(step)
        cursor = step.before
    }

    mutating func redo() {
        lastAction = .other
        guard let step = Self.nextStep(&redoStack) else { return }
        for change in step.changes {
            exchange(from: change.start, to: Self.end(of: change.removed, at: change.start), for: change.inserted)
        }
        undoStack.append(step)
        cursor = step.after
    }

    /// The latest step that changed something.
    private static func nextStep(_ stack: inout [EditStep]) -> EditStep? {
        while let step = stack.popLast() { if !step.changes.isEmpty { return step } }
        return nil
    }

    /// Replaces the text between two positions, as part of the current step. The cursor moves after it.
    mutating func replace(from start: Position, to stop: Position, with text: String) {
        wantedColumn = nil
        // What may join: the character before, the pieces, and as much of what follows as that changes.
        let before = Array(lines[start.line][..<start.column].suffix(1))
        var pieces = Self.split(text)
        let first = Self.join(before, pieces[0][...])
        pieces[0] = first.line + pieces[0].dropFirst(first.taken)
        let last = Self.join(pieces[pieces.count - 1], lines[stop.line][stop.column...])
        pieces[pieces.count - 1] = last.line
        let from = Position(line: start.line, column: start.column - before.count)
        let to = Position(line: stop.line, column: stop.column + last.taken)
        let removed = exchange(from: from, to: to, for: pieces)
        let column = last.seam + (pieces.count == 1 ? from.column : 0)
        cursor = Position(line: start.line + pieces.count - 1, column: column)
        if removed == pieces { return }
        let step = undoStack.count - 1
        undoStack[step].changes.append(EditStep.Change(start: from, removed: removed, inserted: pieces))
        undoStack[step].after = cursor
    }

    /// Replaces the characters between two positions without joining any, and returns the old ones.
    @discardableResult
    private mutating func exchange(from start: Position, to stop: Position, for pieces: [[Character]]) -> [[Character]]
    {
        wantedColumn = nil
        if start.line == stop.line, pieces.count == 1 {
            let removed = Array(lines[start.line][start.column..<stop.column])
            // In place, because the line may be a megabyte long.
            lines[start.line].replaceSubrange(start.column..<stop.column, with: pieces[0])
            return [removed]
        }
        var removed = Array(lines[start.line...stop.line])
        var new = pieces
        new[new.count - 1] += removed[removed.count - 1][stop.column...]
        new[0] = removed[0][..<start.column] + new[0]
        removed[removed.count - 1].removeSubrange(stop.column...)
        removed[0].removeSubrange(..<start.column)
        lines.replaceSubrange(start.line...stop.line, with: new)
        return removed
    }

    private static func end(of pieces: [[Character]], at start: Position) -> Position {
        let last = pieces[pieces.count - 1].count
        return Position(line: start.line + pieces.count - 1, column: pieces.count == 1 ? start.column + last : last)
    }

    /// Appends the start of `right` to `left`, as far as joining changes characters (an accent joins the letter before
    /// it, flags pair up differently). Returns how much was taken, and where `left` ends in the result: after the
    /// character that both share, if they do.
    ///
    /// What precedes the last character of `left` does not change, nor does anything after the first boundary that
    /// exists with and without `left`.
    private static func join(
        _ left: [Character], _ right: ArraySlice<Character>
    ) -> (line: [Character], seam: Int, taken: Int) {
        guard let last = left.last, let first = right.first, !last.isASCII || !first.isASCII else {
            return (left, left.count, 0)
        }
        var taken = 1
        while true {
            let head = right.prefix(taken)
            let middle = Array(String(last) + String(head))
            let isSettled = zip(middle.suffix(1), head.suffix(1))
                .allSatisfy { $0.unicodeScalars.elementsEqual($1.unicodeScalars) }
            if isSettled || taken == right.count {
                var scalars = last.unicodeScalars.count
                let shared = middle.prefix { character in
                    defer { scalars -= character.unicodeScalars.count }
                    return scalars > 0
                }.count
                return (left.dropLast() + middle, left.count - 1 + shared, taken)
            }
            taken = min(2 * taken, right.count)
        }
    }

    static func split(_ text: String) -> [[Character]] {
        var lines: [[Character]] = [[]]
        for character in text {
            if character.isNewline { lines.append([]) } else { lines[lines.count - 1].append(character) }
        }
        return lines
    }
}
