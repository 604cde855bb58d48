/// The rows of an editor that a box of a given size shows, and where the cursor stands in them.
public struct EditorLayout: Sendable, Equatable {
    /// Visible text, top to bottom, already harmless.
    public var rows: [String]
    /// In the box, or in the column right of it after a row that is full.
    public var cursor: Point
    /// Whether text goes on above and below the box.
    public var hasAbove: Bool
    public var hasBelow: Bool

    /// Lays out the part around the cursor that fits `size`, with as much above the cursor as below where there is
    /// more. Only that part is looked at, so that a long text costs no more than a short one.
    public init(_ editor: TextEditor, size: Size) {
        let height = max(1, size.height)
        let own = EditorSegment(containing: editor.cursor, in: editor)
        let place = own.place(of: editor.cursor, in: editor, width: size.width)
        let rowsHere = own.text(in: editor, width: size.width)
        var above = Array(rowsHere[..<place.row].suffix(height))
        var below = Array(rowsHere[place.row...].prefix(height))
        var first: EditorSegment? = own.previous(in: editor)
        while above.count < height, let segment = first {
            above = segment.text(in: editor, width: size.width) + above
            first = segment.previous(in: editor)
        }
        var last: EditorSegment? = own.next(in: editor)
        while below.count < height, let segment = last {
            below += segment.text(in: editor, width: size.width)
            last = segment.next(in: editor)
        }
        // The cursor's own row is the first of `below`.
        let shownBelow = min(below.count, max(height - above.count, height - height / 2))
        let shownAbove = min(above.count, height - shownBelow)
        rows = Array(above.suffix(shownAbove) + below.prefix(shownBelow))
        cursor = Point(x: min(place.x, size.width), y: shownAbove)
        hasAbove = above.count > shownAbove || first != nil
        hasBelow = below.count > shownBelow || last != nil
    }

    /// How many rows the editor takes at this width, counted up to `limit`.
    public static func rowCount(of editor: TextEditor, width: Int, limit: Int) -> Int {
        var count = 0
        var next: EditorSegment? = EditorSegment(line: 0, part: 0)
        while count < limit, let segment = next {
            count += segment.rows(in: editor, width: width).count
            next = segment.next(in: editor)
        }
        return min(count, limit)
    }
}
