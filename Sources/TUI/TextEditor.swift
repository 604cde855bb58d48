/// An editable multi-line text with a cursor that moves by what users see as characters. Pure: no terminal, no I/O.
///
/// Lines are arrays of grapheme clusters, so that movement is exact and large pastes stay fast to edit. Inserted text
/// joins with its neighbours as Unicode specifies: an accent typed after a letter becomes one character with it.
public struct TextEditor: Sendable, Equatable {
    /// Never empty; no line contains a line break.
    public internal(set) var lines: [[Character]] = [[]] { didSet { revision = Revision() } }
    /// Changes with the text and is the same in copies, so changes can be detected without comparing texts.
    public private(set) var revision = Revision()
    public internal(set) var cursor = Position(line: 0, column: 0)

    var undoStack: [EditStep] = []
    var redoStack: [EditStep] = []
    var killRing = KillRing()
    var lastAction = Action.other
    /// The column that vertical movement tries to keep.
    var wantedColumn: Int?

    /// The position before the character at `column`, or at the end of the line.
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

    /// Editors are equal if they show the same.
    public static func == (a: TextEditor, b: TextEditor) -> Bool { a.cursor == b.cursor && a.lines == b.lines }

    /// The kind of the previous command: decides which edits are undone together and which kills are joined.
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

    /// Moves the cursor to a position; does nothing if it is outside the text.
    public mutating func move(to position: Position) {
        guard contains(position) else { return }
        cursor = position
        wantedColumn = nil
        lastAction = .other
    }

    /// Replaces the complete text in one step of undo.
    public mutating func setText(_ text: String) {
        beginStep(.other)
        replace(from: Position(line: 0, column: 0), to: end, with: text)
        cursor = end
    }

    /// Replaces a range in one step of undo and moves the cursor after it.
    public mutating func replace(_ range: Range<Position>, with text: String) {
        guard contains(range.lowerBound), contains(range.upperBound) else { return }
        beginStep(.other)
        replace(from: range.lowerBound, to: range.upperBound, with: text)
    }

    /// Inserts text at the cursor; line breaks of any kind become new lines.
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
