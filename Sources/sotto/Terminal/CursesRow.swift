import CNcurses
import Foundation
import TUI

/// A row of cells as ncurses takes it.
///
/// ncurses moves its own cursor by what the C library says a code point's width is. Where that differs from the cell's,
/// or the terminal's opinion is not certain, ncurses gets blanks, and `CellExtras` writes the cell: so the three never
/// drift apart.
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
            // A blank that ncurses does not take for one: it moves across common ones by writing them.
            let isDrawn = draws(cell)
            let points = isDrawn ? cell.text.unicodeScalars.map { wchar_t(bitPattern: $0.value) } : [0xA0]
            for _ in 0..<(isDrawn ? 1 : cell.width) {
                var made = cchar_t()
                sotto_make_cell(&made, points, Int32(points.count), attributes, pair)
                row.append(made)
            }
        }
        return row
    }

    /// Whether ncurses is given the cell as it is.
    static func draws(_ cell: Cell) -> Bool {
        // ASCII, as most cells are; asked of every cell of a row that has changed.
        if cell.width == 1, cell.text.utf8.count == 1 { return true }
        let columns = cell.text.unicodeScalars.map { Int(sotto_columns(wchar_t(bitPattern: $0.value))) }
        return columns.count <= sotto_cell_length && columns.first == Int(cell.width)
            && columns.dropFirst().allSatisfy { $0 == 0 } && cell.isCertain
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
