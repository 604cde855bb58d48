import TUI

/// Formats rows of text in aligned columns.
enum TextTable {
    /// A list of rows, with a heading on a terminal. In a pipe every line is an entry.
    static func list(_ heading: [String], _ rows: [[String]]) -> String {
        text((StandardOutput.isTerminal ? [heading] : []) + rows)
    }

    static func text(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map(Sanitizer.visible) }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - DisplayWidth.of($0)) }
                .joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
