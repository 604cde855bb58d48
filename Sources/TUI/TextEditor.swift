/// A multi-line text being written, with a cursor: pure, and moving by what a person sees as one character.
///
/// Lines are arrays of grapheme clusters, so that every movement is exact and a large paste stays quick to edit.
/// Whatever is inserted joins with its neighbours as Unicode says: an accent typed after a letter becomes one character
/// with it.
public struct TextEditor: Sendable, Equatable {
    /// Never empty; no line holds a line break.
    public internal(set) var lines: [[Character]] = [[]] { didSet { revision = Revision() } }
    /// Another after every change of the text, the same in copies: tells without comparing whether it has changed.
    public private(set) var revision = Revision()
    public internal(set) var cursor = Position(line: 0, column: 0)

    var undoStack: [EditStep] = []
    var redoStack: [EditStep] = []
    var killRing = KillRing()
    var lastAction = Action.other
    /// The column that vertical movement tries to keep.
    var wantedColumn: Int?

    /// A place before the character at `column`, or at the line's end.
    public struct Position: Hashable, Sendable, Comparable {
        public var line: Int
        public var column: Int

        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        public static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
    }

    public final class Revision: Sendable {}

    /// Editors are equal where they show the same.
    public static func == (a: TextEditor, b: TextEditor) -> Bool { a.cursor == b.cursor && a.lines == b.lines }

    /// What the previous command was: decides what is undone together and which kills are joined.
    enum Action: Equatable {
        case typing, kill, yank, other
    }

    public init(_ text: String = "") {
        guard !text.isEmpty else { return }
        lines = Self.split(text)
        cursor = end
    }

    public var text: String { lines.map { String($0) }.joined(separator: "\n") }
    public var isEmpty: Bool { lines.count == 1 && lines[0].isEmpty }
    var end: Position { Position(line: lines.count - 1, column: lines[lines.count - 1].count) }

    public func contains(_ position: Position) -> Bool {
        lines.indices.contains(position.line) && (0...lines[position.line].count).contains(position.column)
    }

    /// Puts the cursor before a character; nothing happens where there is no such place.
    public mutating func move(to position: Position) {
        guard contains(position) else { return }
        cursor = position
        wantedColumn = nil
        lastAction = .other
    }

    /// Replaces everything; one step for undo.
    public mutating func setText(_ text: String) {
        beginStep(.other)
        replace(from: Position(line: 0, column: 0), to: end, with: text)
        cursor = end
    }

    /// Replaces what lies between two places; one step for undo. The cursor stands after it.
    public mutating func replace(_ range: Range<Position>, with text: String) {
        guard contains(range.lowerBound), contains(range.upperBound) else { return }
        beginStep(.other)
        replace(from: range.lowerBound, to: range.upperBound, with: text)
    }

    /// Puts text in at the cursor; line breaks of every kind become new lines.
    public mutating func insert(_ text: String) {
        let isLetter = text.utf8.count < 64 && text.count == 1 && text != " " && text != "\n"
        beginStep(isLetter ? .typing : .other)
        replace(from: cursor, to: cursor, with: text)
    }

    public func text(from start: Position, to stop: Position) -> String {
        if start.line == stop.line { return String(lines[start.line][start.column..<stop.column]) }
        var parts = [String(lines[start.line][start.column...])]
        parts += lines[start.line + 1..<stop.line].map { String($0) }
        parts.append(String(lines[stop.line][..<stop.column]))
        return parts.joined(separator: "\n")
    }
}
