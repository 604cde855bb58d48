import Foundation
import TUI

/// Lines about something: a title, names with values, text.
struct PreviewPage {
    let width: Int
    private(set) var lines: [StyledLine] = []

    private static let column = 17

    init(width: Int) { self.width = width }

    mutating func title(_ text: String) {
        lines += Wrapping.wrap(StyledLine(text, .panelTitle), width: width)
        lines.append(StyledLine())
    }

    /// A name with its value in the second column; nothing if there is no value.
    mutating func row(_ name: String, _ value: String?) {
        guard let value else { return }
        // Without room for a column, the value follows its name.
        let isNarrow = width < 2 * Self.column
        var line = StyledLine(isNarrow ? "\(name)  " : name.padded(to: Self.column), .muted)
        line.append(value, .text)
        lines += Wrapping.wrap(line, width: width, indent: isNarrow ? 2 : Self.column)
    }

    mutating func add(_ line: StyledLine) { lines += Wrapping.wrap(line, width: width) }

    mutating func blank() { lines.append(StyledLine()) }

    /// A text with its line breaks.
    mutating func text(_ text: String, _ role: StyleRole = .text) {
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            lines += Wrapping.wrap(StyledLine(String(line), role), width: width)
        }
    }
}

extension StyledLine {
    /// The line with every occurrence of a text marked, whatever its case.
    func marking(_ text: String) -> StyledLine {
        let text = text[...].trimmed
        guard !text.isEmpty else { return self }
        var result = StyledLine()
        for span in spans {
            var rest = span.text[...]
            while let range = rest.range(of: text, options: .caseInsensitive) {
                result.append(String(rest[..<range.lowerBound]), span.role)
                result.append(String(rest[range]), .match)
                rest = rest[range.upperBound...]
            }
            result.append(String(rest), span.role)
        }
        return result
    }
}
