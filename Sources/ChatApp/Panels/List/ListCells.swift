import TUI

/// A fact of an entry, in a column of its own.
struct ListCell: Sendable, Equatable {
    var text: String
    var role: StyleRole

    /// - Parameter text: nil if the fact is not known.
    init(_ text: String?, _ role: StyleRole = .muted) {
        self.text = text ?? ""
        self.role = role
    }
}

/// Facts in aligned columns to the right of the titles. Columns are left out from the right if there is no room.
struct CellColumns: Sendable {
    enum Alignment: Sendable {
        case left, right
    }

    private let alignments: [Alignment]
    /// Of the widest text of each column; 0 for columns without any.
    private let widths: [Int]
    private let titleWidth: Int

    private static let gap = 2
    /// Titles are not shortened below this for another column.
    private static let shortestTitle = 12

    /// - Parameters:
    ///   - rows: the titles and cells of all entries, so that columns keep their widths while a list is filtered.
    ///   - alignments: one for each column.
    init(_ rows: [(title: String, cells: [ListCell])], _ alignments: [Alignment]) {
        self.alignments = alignments
        titleWidth = rows.map { Self.width(of: $0.title) }.max() ?? 0
        widths = alignments.indices.map { column in
            rows.map { $0.cells.indices.contains(column) ? Self.width(of: $0.cells[column].text) : 0 }.max() ?? 0
        }
    }

    private static func width(of text: String) -> Int { DisplayWidth.of(Sanitizer.visible(text)) }

    /// How many columns are shown, and the columns left for the title.
    private func room(in width: Int) -> (count: Int, title: Int) {
        let title = min(titleWidth, max(Self.shortestTitle, width * 2 / 5))
        var left = width
        var count = 0
        for column in widths {
            let needed = column == 0 ? 0 : column + Self.gap
            guard left - needed >= title else { break }
            left -= needed
            count += 1
        }
        return (count, left)
    }

    /// The width for titles in rows of this width.
    func titleWidth(in width: Int) -> Int { room(in: width).title }

    /// Appends an entry's cells to a line that ends with its title.
    ///
    /// - Parameter start: where the first column begins.
    func append(_ cells: [ListCell], to line: inout StyledLine, from start: Int, in width: Int) {
        line.append(String(repeating: " ", count: max(0, start - line.width)), .text)
        for (column, cell) in cells.prefix(room(in: width).count).enumerated() where widths[column] > 0 {
            let text = Sanitizer.visible(cell.text)
            let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.of(text)))
            line.append(String(repeating: " ", count: Self.gap), .muted)
            line.append(alignments[column] == .left ? text + padding : padding + text, cell.role)
        }
    }
}
