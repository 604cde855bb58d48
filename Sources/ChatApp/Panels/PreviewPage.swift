import Foundation
import TUI

/// Lines about a thing, for the side of a list.
struct PreviewPage {
    let width: Int
    private(set) var lines: [StyledLine] = []

    private static let column = 17

    init(width: Int) { self.width = width }

    mutating func title(_ text: String) {
        lines += Wrapping.wrap(StyledLine(text, .panelTitle), width: width)
        lines.append(StyledLine())
    }

    /// A name and its value beside it; nothing where there is no value.
    mutating func row(_ name: String, _ value: String?) {
        guard let value else { return }
        // Where there is no room for a column, the value follows its name.
        let isNarrow = width < 2 * Self.column
        var line = StyledLine(isNarrow ? "\(name)  " : name.padded(to: Self.column), .muted)
        line.append(value, .text)
        lines += Wrapping.wrap(line, width: width, indent: isNarrow ? 2 : Self.column)
    }

    mutating func add(_ line: StyledLine) { lines += Wrapping.wrap(line, width: width) }

    mutating func blank() { lines.append(StyledLine()) }

    /// A text of several lines, as it stands.
    mutating func text(_ text: String, _ role: StyleRole = .text) {
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            lines += Wrapping.wrap(StyledLine(String(line), role), width: width)
        }
    }
}

extension StyledLine {
    /// The same with every place marked where a text stands, in any case.
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
