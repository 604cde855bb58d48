/// One cell of the screen.
public struct Cell: Hashable, Sendable {
    /// The cluster shown; empty in the right half of a wide one.
    public var text: String
    public var style: Style
    /// The columns of the text: 1 or 2, or 0 for the right half of a wide cluster.
    public var width: UInt8
    public var link: Hyperlink?

    public init(_ text: String, style: Style, width: UInt8, link: Hyperlink? = nil) {
        self.text = text
        self.style = style
        self.width = width
        self.link = link
    }

    public static func blank(_ style: Style) -> Cell { Cell(" ", style: style, width: 1) }
    static func secondHalf(_ style: Style, link: Hyperlink?) -> Cell { Cell("", style: style, width: 0, link: link) }
}

/// A grid of cells that views draw on. The terminal adapter shows the difference between two of them.
///
/// All text is sanitized and clipped to the grid, so that text from outside can only reach the terminal as visible
/// characters.
public struct Surface: Sendable {
    public let size: Size
    /// Row by row.
    public private(set) var cells: [Cell]
    /// The cursor position; nil hides the cursor.
    public var cursor: Point?

    public init(_ size: Size, style: Style = .plain) {
        self.size = size
        cells = Array(repeating: .blank(style), count: size.width * size.height)
    }

    public subscript(x: Int, y: Int) -> Cell { cells[y * size.width + x] }

    public var bounds: Rect { Rect(size) }

    /// The rows as text without trailing blanks, for comparison with golden screens.
    public var rows: [String] {
        (0..<size.height).map { y in
            var row = (0..<size.width).map { self[$0, y].text }.joined()
            while row.last == " " { row.removeLast() }
            return row
        }
    }

    /// The rows that differ from the previous surface; all rows if there was none or its size was different.
    public func rows(changedSince shown: Surface?) -> [Int] {
        guard let shown, shown.size == size else { return Array(0..<size.height) }
        return (0..<size.height).filter { y in
            (y * size.width..<(y + 1) * size.width).contains { cells[$0] != shown.cells[$0] }
        }
    }

    /// The cells of a row.
    public func row(_ y: Int) -> ArraySlice<Cell> { cells[y * size.width..<(y + 1) * size.width] }

    /// Writes a line of text at a point and returns the column after it.
    ///
    /// Cells outside `clip` (or outside the grid) are not changed; a wide cluster that would be cut is left out.
    @discardableResult
    public mutating func write(
        _ text: String, at point: Point, style: Style, link: Hyperlink? = nil, clip: Rect? = nil
    ) -> Int {
        let area = clip.map { $0.intersection(bounds) } ?? bounds
        let visible = Sanitizer.visible(text)
        guard point.y >= area.y, point.y < area.maxY else { return point.x + DisplayWidth.of(visible) }
        var x = point.x
        if visible.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in visible.utf8 {
                if x >= area.maxX { break }
                put(Self.ascii[Int(byte)], x: x, y: point.y, style: style, link: link, area: area)
                x += 1
            }
            return x
        }
        for cluster in DisplayClusters(visible) {
            if x >= area.maxX { break }
            put(cluster, x: x, y: point.y, style: style, link: link, area: area)
            x += cluster.width
        }
        return x
    }

    /// A cluster for each ASCII character: most text has nothing else.
    private static let ascii = (0..<0x80).map { DisplayCluster(text: String(Unicode.Scalar(UInt8($0))), width: 1) }

    /// Fills a rectangle with blanks.
    public mutating func fill(_ rect: Rect, style: Style) {
        let area = rect.intersection(bounds)
        for y in area.y..<max(area.y, area.maxY) {
            for x in area.x..<area.maxX {
                clearWide(x: x, y: y)
                cells[y * size.width + x] = .blank(style)
            }
        }
    }

    private mutating func put(
        _ cluster: DisplayCluster, x: Int, y: Int, style: Style, link: Hyperlink?, area: Rect
    ) {
        guard cluster.width > 0, x >= area.x, x + cluster.width <= area.maxX else { return }
        for column in x..<x + cluster.width { clearWide(x: column, y: y) }
        cells[y * size.width + x] = Cell(cluster.text, style: style, width: UInt8(cluster.width), link: link)
        if cluster.width == 2 { cells[y * size.width + x + 1] = .secondHalf(style, link: link) }
    }

    /// Blanks the other half of a wide character when one half is about to be overwritten.
    private mutating func clearWide(x: Int, y: Int) {
        let index = y * size.width + x
        if cells[index].width == 1 { return }
        if cells[index].width == 0, x > 0 { cells[index - 1] = .blank(cells[index - 1].style) }
        if cells[index].width == 2, x + 1 < size.width { cells[index + 1] = .blank(cells[index + 1].style) }
    }
}
