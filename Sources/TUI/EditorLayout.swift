/// The rows of an editor that a box of a given size shows, and where the cursor stands in them.
public struct EditorLayout: Sendable, Equatable {
    /// Visible text, top to bottom, already harmless.
    public var rows: [String]
    /// In the box.
    public var cursor: Point
    /// Whether text goes on above and below the box.
    public var hasAbove: Bool
    public var hasBelow: Bool

    /// Lays out the part around the cursor that fits `size`, with as much above the cursor as below where there is more.
    /// Only that part is looked at, so that a long text costs no more than a short one.
    public init(_ editor: TextEditor, size: Size) {
        let height = max(1, size.height)
        let place = Self.place(of: editor.cursor, in: editor, width: size.width)
        var above: [String] = []
        var below: [String] = []
        let own = Self.text(of: editor.lines[editor.cursor.line], width: size.width)
        above += own[..<place.row].suffix(height)
        below += own[place.row...].prefix(height)
        var first = editor.cursor.line, last = first
        while above.count < height, first > 0 {
            first -= 1
            above = Self.text(of: editor.lines[first], width: size.width) + above
        }
        while below.count < height, last + 1 < editor.lines.count {
            last += 1
            below += Self.text(of: editor.lines[last], width: size.width)
        }
        // The cursor's own row is the first of `below`.
        let shownBelow = min(below.count, max(height - above.count, height - height / 2))
        let shownAbove = min(above.count, height - shownBelow)
        rows = Array(above.suffix(shownAbove) + below.prefix(shownBelow))
        cursor = Point(x: min(place.x, max(0, size.width - 1)), y: shownAbove)
        hasAbove = above.count > shownAbove || first > 0
        hasBelow = below.count > shownBelow || last + 1 < editor.lines.count
    }

    /// How many rows the editor takes at this width, counted up to `limit`.
    public static func rowCount(of editor: TextEditor, width: Int, limit: Int) -> Int {
        var count = 0
        for line in editor.lines where count < limit { count += rows(of: line, width: width).count }
        return min(count, limit)
    }

    /// The rows of one line as ranges of its characters. The last row leaves room for the cursor after it.
    static func rows(of line: [Character], width: Int) -> [Range<Int>] {
        var ranges = Wrapping.ranges(of: line.map(cluster), width: width)
        if let last = ranges.last, line[last].reduce(0, { $0 + cluster($1).width }) >= max(2, width) {
            ranges.append(line.count..<line.count)
        }
        return ranges
    }

    /// Row within its line, and column on the screen.
    static func place(of position: TextEditor.Position, in editor: TextEditor, width: Int) -> (row: Int, x: Int) {
        let line = editor.lines[position.line]
        let ranges = rows(of: line, width: width)
        let row = ranges.lastIndex { $0.lowerBound <= position.column } ?? 0
        return (row, line[ranges[row].lowerBound..<position.column].reduce(0) { $0 + cluster($1).width })
    }

    /// The character position nearest to column `x` of a row. The end of a row that goes on belongs to the next one.
    static func column(at x: Int, in range: Range<Int>, isLast: Bool, line: [Character]) -> Int {
        var width = 0
        for position in range {
            let next = width + cluster(line[position]).width
            if next > x { return position }
            width = next
        }
        return isLast ? range.upperBound : max(range.lowerBound, range.upperBound - 1)
    }

    private static func text(of line: [Character], width: Int) -> [String] {
        rows(of: line, width: width).map { line[$0].map { cluster($0).text }.joined() }
    }

    /// A character as it is shown: one cluster, or the few that stand for a control character or a long emoji.
    private static func cluster(_ character: Character) -> DisplayCluster {
        if let value = character.asciiValue, (0x20..<0x7F).contains(value) {
            return DisplayCluster(text: String(character), width: 1)
        }
        let text = Sanitizer.visible(String(character))
        return DisplayCluster(text: text, width: DisplayWidth.of(text))
    }
}
