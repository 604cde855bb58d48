/// The editing commands, named as in readline.
public enum EditCommand: Sendable, CaseIterable {
    case characterLeft, characterRight, wordLeft, wordRight, lineStart, lineEnd, textStart, textEnd
    case deleteBackward, deleteForward, killToLineEnd, killToLineStart, killWordForward, killWordBackward
    case killBlankWordBackward, yank, yankPop, transpose, upperCaseWord, lowerCaseWord, capitalizeWord
    case undo, redo, newLine
}

extension TextEditor {
    public mutating func perform(_ command: EditCommand) {
        switch command {
        case .characterLeft: move(to: left)
        case .characterRight: move(to: right)
        case .wordLeft: move(to: wordStart)
        case .wordRight: move(to: wordEnd)
        case .lineStart: move(to: lineStart)
        case .lineEnd: move(to: lineEnd)
        case .textStart: move(to: Position(line: 0, column: 0))
        case .textEnd: move(to: end)
        case .deleteBackward: delete(to: left)
        case .deleteForward: delete(to: right)
        // At the end of a line it deletes the line break, as in Emacs.
        case .killToLineEnd: kill(to: cursor == lineEnd ? right : lineEnd)
        case .killToLineStart: kill(to: lineStart)
        case .killWordForward: kill(to: wordEnd)
        case .killWordBackward: kill(to: wordStart)
        case .killBlankWordBackward: kill(to: blankWordStart)
        case .yank: yank()
        case .yankPop: yankPop()
        case .transpose: transpose()
        case .upperCaseWord: changeWord { $0.uppercased() }
        case .lowerCaseWord: changeWord { $0.lowercased() }
        case .capitalizeWord: changeWord(Self.capitalized)
        case .undo: undo()
        case .redo: redo()
        case .newLine: insert("\n")
        }
    }

    /// Removes and returns the text between the cursor and a position.
    @discardableResult
    mutating func remove(to position: Position) -> String {
        let start = min(cursor, position), stop = max(cursor, position)
        let removed = text(from: start, to: stop)
        replace(from: start, to: stop, with: "")
        return removed
    }

    private mutating func delete(to position: Position) {
        guard position != cursor else { return }
        beginStep(.other)
        remove(to: position)
    }

    private mutating func transpose() {
        let line = lines[cursor.line]
        guard line.count > 1, cursor.column > 0 else { return }
        beginStep(.other)
        let right = min(cursor.column, line.count - 1)
        let start = Position(line: cursor.line, column: right - 1),
            stop = Position(line: cursor.line, column: right + 1)
        replace(from: start, to: stop, with: String([line[right], line[right - 1]]))
    }

    /// Replaces the text up to the end of the word at or after the cursor.
    private mutating func changeWord(_ change: (String) -> String) {
        let stop = wordEnd
        guard stop != cursor else { return }
        beginStep(.other)
        replace(from: cursor, to: stop, with: change(text(from: cursor, to: stop)))
    }

    /// Makes the first letter upper-case and those after it lower-case.
    private static func capitalized(_ text: String) -> String {
        let letter = text.firstIndex { $0.isLetter } ?? text.endIndex
        guard letter < text.endIndex else { return text }
        return text[..<letter] + text[letter].uppercased() + text[text.index(after: letter)...].lowercased()
    }
}
