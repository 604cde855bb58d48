/// A multi-line text being written, with a cursor: pure, and moving by what a person sees as one character.
///
/// Lines are arrays of grapheme clusters, so that every movement is exact and a large paste stays quick to edit.
/// Whatever is inserted joins with its neighbours as Unicode says: an accent typed after a letter becomes one character
/// with it.
public struct TextEditor: Sendable, Equatable {
    /// Never empty; no line holds a line break.
    public internal(set) var lines: [[Character]] = [[]]
    public internal(set) var cursor = Position(line: 0, column: 0)

    var undoStack: [Snapshot] = []
    var redoStack: [Snapshot] = []
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

    /// What the previous command was: decides what is undone together and which kills are joined.
    enum Action: Equatable {
        case typing, kill, yank(length: Int), other
    }

    public init(_ text: String = "") {
        guard !text.isEmpty else { return }
        lines = Self.split(text)
        cursor = end
    }

    public var text: String { lines.map { String($0) }.joined(separator: "\n") }
    public var isEmpty: Bool { lines.count == 1 && lines[0].isEmpty }
    var end: Position { Position(line: lines.count - 1, column: lines[lines.count - 1].count) }

    /// Replaces everything; one step for undo.
    public mutating func setText(_ text: String) {
        remember(as: .other)
        lines = Self.split(text)
        cursor = end
    }

    /// Puts text in at the cursor; line breaks of every kind become new lines.
    public mutating func insert(_ text: String) {
        remember(as: text.count == 1 && text != " " && text != "\n" ? .typing : .other)
        insertRaw(text)
    }

    mutating func insertRaw(_ text: String) {
        var pieces = Self.split(text)
        let tail = Array(lines[cursor.line][cursor.column...])
        pieces[0] = Self.join(Array(lines[cursor.line][..<cursor.column]), pieces[0]).line
        let last = Self.join(pieces[pieces.count - 1], tail)
        pieces[pieces.count - 1] = last.line
        lines.replaceSubrange(cursor.line...cursor.line, with: pieces)
        cursor = Position(line: cursor.line + pieces.count - 1, column: last.seam)
        wantedColumn = nil
    }

    /// Takes out what lies between two places and returns it.
    @discardableResult
    mutating func remove(from a: Position, to b: Position) -> String {
        let start = min(a, b), stop = max(a, b)
        guard start != stop else { return "" }
        let removed = text(from: start, to: stop)
        let joined = Self.join(
            Array(lines[start.line][..<start.column]), Array(lines[stop.line][stop.column...]))
        lines.replaceSubrange(start.line...stop.line, with: [joined.line])
        cursor = Position(line: start.line, column: joined.seam)
        wantedColumn = nil
        return removed
    }

    func text(from start: Position, to stop: Position) -> String {
        if start.line == stop.line { return String(lines[start.line][start.column..<stop.column]) }
        var parts = [String(lines[start.line][start.column...])]
        parts += lines[start.line + 1..<stop.line].map { String($0) }
        parts.append(String(lines[stop.line][..<stop.column]))
        return parts.joined(separator: "\n")
    }

    /// Puts two texts together and tells where the first one ends in the result (after the character that both share,
    /// if they do). No character reaches across two ASCII ones, so only the text between the nearest is segmented anew.
    private static func join(_ left: [Character], _ right: [Character]) -> (line: [Character], seam: Int) {
        guard let last = left.last, let first = right.first, !last.isASCII || !first.isASCII else {
            return (left + right, left.count)
        }
        let tail = left.suffix(left.reversed().prefix { !$0.isASCII }.count + 1)
        let head = right.prefix(right.prefix { !$0.isASCII }.count + 1)
        let middle = Array(String(tail) + String(head))
        var scalars = tail.reduce(0) { $0 + $1.unicodeScalars.count }
        let shared = middle.prefix { character in
            defer { scalars -= character.unicodeScalars.count }
            return scalars > 0
        }.count
        let kept = left.count - tail.count
        return (left[..<kept] + middle + right[head.count...], kept + shared)
    }

    private static func split(_ text: String) -> [[Character]] {
        var lines: [[Character]] = [[]]
        for character in text {
            if character.isNewline { lines.append([]) } else { lines[lines.count - 1].append(character) }
        }
        return lines
    }
}
