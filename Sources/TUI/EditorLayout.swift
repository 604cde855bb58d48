/// The rows of an editor that fit a box of a given size, and the position of the cursor in them.
public struct EditorLayout: Sendable, Equatable {
    /// Sanitized text, top to bottom.
    public var rows: [String]
    /// A position in the box, or in the column after its right edge if the row is full.
    public var cursor: Point
    /// Whether there is more text above and below the box.
    public var hasAbove: Bool
    public var hasBelow: Bool

    /// Lays out the part around the cursor that fits `size`, centred on the cursor if there is more. Only that part is
    /// examined, so that long text costs no more than short text.
    public init(_ editor: TextEditor, size: Size) {
        let height = max(1, size.height)
        let segment = EditorSegment(containing: editor.cursor, in: editor)
        let location = segment.location(of: editor.cursor, in: editor, width: size.width)
        let segmentRows = segment.text(in: editor, width: size.width)
        var above = Array(segmentRows[..<location.row].suffix(height))
        var below = Array(segmentRows[location.row...].prefix(height))
        var first: EditorSegment? = segment.previous(in: editor)
        while above.count < height, let current = first {
            above = current.text(in: editor, width: size.width) + above
            first = current.previous(in: editor)
        }
        var last: EditorSegment? = segment.next(in: editor)
        while below.count < height, let current = last {
            below += current.text(in: editor, width: size.width)
            last = current.next(in: editor)
        }
        // The cursor's row is the first of `below`.
        let shownBelow = min(below.count, max(height - above.count, height - height / 2))
        let shownAbove = min(above.count, height - shownBelow)
        rows = Array(above.suffix(shownAbove) + below.prefix(shownBelow))
        cursor = Point(x: min(location.x, size.width), y: shownAbove)
        hasAbove = above.count > shownAbove || first != nil
        hasBelow = below.count > shownBelow || last != nil
    }

    /// The number of rows the editor takes at this width, counted up to `limit`.
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
