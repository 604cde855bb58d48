import Markdown
import TUI

/// Lays out a table to fit the width. Columns keep their natural width if there is room; otherwise the widest shrink
/// and their text wraps. If even that would not be readable, each row becomes a list of its cells.
struct TableLayout {
    private let table: Table
    private let width: Int
    private let header: [[StyledLine]]
    private let rows: [[[StyledLine]]]

    private static let gap = 3
    /// A column narrower than both this and its longest word is not readable. Words longer than this may be broken.
    private static let minColumnWidth = 12

    init(_ table: Table, width: Int, inlines: InlineLayout) {
        self.table = table
        self.width = width
        let bold = InlineLayout(role: .tableHeader, showsAddresses: inlines.showsAddresses)
        header = table.header.map(bold.lines)
        rows = table.rows.map { $0.map(inlines.lines) }
    }

    var lines: [StyledLine] {
        guard let widths = columnWidths else { return records }
        let body = rows.map { rowLines($0, widths) }
        // Without rules, rows of several lines would run into one another.
        let isRuled = body.contains { $0.count > 1 }
        let rule = ruleLine(widths)
        var lines = rowLines(header, widths) + [rule]
        for (index, row) in body.enumerated() {
            if isRuled, index > 0 { lines.append(rule) }
            lines += row
        }
        return lines
    }

    // MARK: Widths

    private var columnWidths: [Int]? {
        let natural = table.alignments.indices.map { column in
            ([header] + rows).map { row in row[column].map(\.width).max() ?? 0 }.max() ?? 0
        }.map { max(2, $0) }
        let room = width - Self.gap * (natural.count - 1)
        if natural.reduce(0, +) <= room { return natural }
        let minimum = table.alignments.indices.map { column in
            ([header] + rows).map { Self.longestWord($0[column]) }.max() ?? 2
        }
        guard minimum.reduce(0, +) <= room else { return nil }
        // Find the largest limit to which all columns can be cut, down to their longest words.
        func widths(cutTo limit: Int) -> [Int] { zip(natural, minimum).map { max($1, min($0, limit)) } }
        var low = 2, high = max(2, room)
        while low < high {
            let middle = (low + high + 1) / 2
            if widths(cutTo: middle).reduce(0, +) <= room { low = middle } else { high = middle - 1 }
        }
        var widths = widths(cutTo: low)
        var free = room - widths.reduce(0, +)
        for column in widths.indices where widths[column] < natural[column] && free > 0 {
            widths[column] += 1
            free -= 1
        }
        return widths
    }

    /// The width of the longest unbreakable text in a cell, up to `minColumnWidth`.
    private static func longestWord(_ cell: [StyledLine]) -> Int {
        var longest = 2
        for line in cell {
            var run = 0
            for cluster in DisplayClusters(Sanitizer.visible(line.text)) {
                run = cluster.text == " " || cluster.width == 2 ? 0 : run + cluster.width
                longest = max(longest, run)
                if longest >= minColumnWidth { return minColumnWidth }
            }
        }
        return longest
    }

    // MARK: Rows

    private func rowLines(_ row: [[StyledLine]], _ widths: [Int]) -> [StyledLine] {
        let cells = row.enumerated().map { column, lines in
            lines.flatMap { Wrapping.wrap($0, width: widths[column]) }
        }
        let height = cells.map(\.count).max() ?? 1
        return (0..<height).map { number in
            var line = StyledLine()
            for (column, cell) in cells.enumerated() {
                if column > 0 { line.append(" │ ", .tableRule) }
                let part = number < cell.count ? cell[number] : StyledLine()
                let free = max(0, widths[column] - part.width)
                let before =
                    switch table.alignments[column] {
                    case .left: 0
                    case .center: free / 2
                    case .right: free
                    }
                line.append(String(repeating: " ", count: before), .text)
                for span in part.spans { line.append(span.text, span.role, link: span.link) }
                line.append(String(repeating: " ", count: free - before), .text)
            }
            return line
        }
    }

    private func ruleLine(_ widths: [Int]) -> StyledLine {
        StyledLine(widths.map { String(repeating: "─", count: $0) }.joined(separator: "─┼─"), .tableRule)
    }

    /// One "header: cell" entry per cell.
    private var records: [StyledLine] {
        var lines: [StyledLine] = []
        for (index, row) in rows.enumerated() {
            if index > 0 { lines.append(StyledLine(String(repeating: "─", count: min(width, 8)), .tableRule)) }
            for (name, cell) in zip(header, row) where !(cell.count == 1 && cell[0].spans.isEmpty) {
                var line = StyledLine()
                for span in name.flatMap(\.spans) { line.append(span.text, span.role, link: span.link) }
                if !line.spans.isEmpty { line.append(": ", .tableHeader) }
                for (number, part) in cell.enumerated() {
                    if number > 0 { line.append(" ", .text) }
                    for span in part.spans { line.append(span.text, span.role, link: span.link) }
                }
                lines += Wrapping.wrap(line, width: width, indent: 2)
            }
        }
        if rows.isEmpty {
            for name in header { lines += name.flatMap { Wrapping.wrap($0, width: width) } }
        }
        return lines
    }
}
