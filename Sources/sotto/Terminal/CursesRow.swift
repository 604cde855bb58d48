import CNcurses
import Foundation
import TUI

/// A row of cells as ncurses takes it.
///
/// ncurses moves its own cursor by what the C library says a code point's width is. Where that differs from the cell's,
/// the cell is filled up or replaced, so that the two never drift apart.
enum CursesRow {
    static func cells(_ cells: ArraySlice<Cell>, pairs: inout ColorPairs) -> [cchar_t] {
        var row: [cchar_t] = []
        row.reserveCapacity(cells.count)
        // Neighbours mostly look alike.
        var style: Style?
        var attributes: attr_t = 0
        var pair: Int32 = 0
        for cell in cells where cell.width > 0 {
            if cell.style != style {
                style = cell.style
                attributes = Self.attributes(cell.style)
                pair = pairs.number(cell.style)
            }
            if cell.width == 1, cell.text.utf8.count == 1, let byte = cell.text.utf8.first {
                var point = wchar_t(byte)
                var made = cchar_t()
                sotto_make_cell(&made, &point, 1, attributes, pair)
                row.append(made)
                continue
            }
            for points in columns(cell) {
                var made = cchar_t()
                sotto_make_cell(&made, points, Int32(points.count), attributes, pair)
                row.append(made)
            }
        }
        return row
    }

    /// Whether ncurses takes the cell as it is.
    static func isExact(_ cell: Cell) -> Bool {
        cell.text.unicodeScalars.first.map { Int(sotto_columns(wchar_t(bitPattern: $0.value))) } == Int(cell.width)
    }

    /// The code points of a cell, split so that each part's first one is as wide as ncurses will think it is.
    private static func columns(_ cell: Cell) -> [[wchar_t]] {
        let points = cell.text.unicodeScalars.map { wchar_t(bitPattern: $0.value) }
        let width = points.first.map { Int(sotto_columns($0)) } ?? -1
        if width == Int(cell.width) { return [points] }
        let replacement: [wchar_t] = [0xFFFD]
        guard width == 1, cell.width == 2 else {
            return [replacement] + Array(repeating: [0x20], count: Int(cell.width) - 1)
        }
        // Two code points of one column each (a flag), or one that a variation selector widens.
        let second = points.dropFirst().firstIndex { sotto_columns($0) == 1 } ?? points.count
        let rest = Array(points[second...])
        return [Array(points[..<second]), rest.isEmpty ? [0x20] : rest]
    }

    private static let attributeTable: [(Style.Attributes, attr_t)] = [
        (.bold, sotto_bold), (.dim, sotto_dim), (.italic, sotto_italic), (.underline, sotto_underline),
        (.reverse, sotto_reverse),
    ]

    /// ncurses has no strike-through; `CellExtras` adds it.
    private static func attributes(_ style: Style) -> attr_t {
        attributeTable.reduce(0) { style.attributes.contains($1.0) ? $0 | $1.1 : $0 }
    }
}
