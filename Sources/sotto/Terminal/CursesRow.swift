import CNcurses
import Foundation
import TUI

/// Converts a row of cells for ncurses.
///
/// ncurses moves its own cursor by the width that the C library gives a code point. If that differs from the cell's
/// width, or terminals may disagree about it, ncurses gets blanks and `CellExtras` draws the cell. So ncurses, the
/// terminal and Sotto agree about columns.
enum CursesRow {
    static func cells(_ cells: ArraySlice<Cell>, pairs: inout ColorPairs) -> [cchar_t] {
        var row: [cchar_t] = []
        row.reserveCapacity(cells.count)
        // Adjacent cells usually have the same style.
        var style: Style?
        var attributes: attr_t = 0
        var pair: Int32 = 0
        for cell in cells where cell.width > 0 {
            if cell.style != style {
                style = cell.style
                attributes = Self.attributes(cell.style)
                pair = pairs.number(of: cell.style)
            }
            if cell.width == 1, cell.text.utf8.count == 1, let byte = cell.text.utf8.first {
                var point = wchar_t(byte)
                var cchar = cchar_t()
                sotto_make_cell(&cchar, &point, 1, attributes, pair)
                row.append(cchar)
                continue
            }
            // A non-breaking space, because ncurses may move across ordinary blanks by writing them.
            let isDrawn = draws(cell)
            let points = isDrawn ? cell.text.unicodeScalars.map { wchar_t(bitPattern: $0.value) } : [0xA0]
            for _ in 0..<(isDrawn ? 1 : cell.width) {
                var cchar = cchar_t()
                sotto_make_cell(&cchar, points, Int32(points.count), attributes, pair)
                row.append(cchar)
            }
        }
        return row
    }

    /// Whether ncurses draws the cell itself.
    static func draws(_ cell: Cell) -> Bool {
        // Most cells are ASCII; this runs for every cell of a changed row.
        if cell.width == 1, cell.text.utf8.count == 1 { return true }
        let columns = cell.text.unicodeScalars.map { Int(sotto_wcwidth(wchar_t(bitPattern: $0.value))) }
        return columns.count <= sotto_cell_length && columns.first == Int(cell.width)
            && columns.dropFirst().allSatisfy { $0 == 0 } && cell.hasReliableWidth
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
