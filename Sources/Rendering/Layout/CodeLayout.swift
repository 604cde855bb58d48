import Markdown
import TUI

/// Lays out code on a background that extends to the right edge. Columns are preserved, and long lines wrap.
struct CodeLayout: Sendable {
    private let language: String
    private let width: Int
    private var lexer: CodeLexer

    private static let margin = "  "

    init(language: String, width: Int) {
        self.language = language
        self.width = width
        lexer = CodeLexer(language: language)
    }

    /// The next lines, preceded by the language's name if they are the first.
    mutating func lines(of block: CodeBlock) -> [StyledLine] {
        var lines: [StyledLine] = []
        if !block.isContinuation, !language.isEmpty {
            lines.append(filled(StyledLine(Wrapping.truncate(Self.margin + language, width: width), .codeLanguage)))
            if block.text.isEmpty { return lines }
        }
        for line in block.text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines += wrappedLines(of: String(line))
        }
        return lines
    }

    private mutating func wrappedLines(of source: String) -> [StyledLine] {
        var line = StyledLine(Self.margin, .codeBlock)
        for span in lexer.spans(of: Self.expandingTabs(source)) { line.append(span.text, span.role) }
        return Wrapping.wrap(line, width: width, indent: 2).map(filled)
    }

    private func filled(_ line: StyledLine) -> StyledLine {
        var line = line
        // The indentation of a continued line is on the background too.
        if let first = line.spans.first, first.role == .text { line.spans[0].role = .codeBlock }
        line.append(String(repeating: " ", count: max(0, width - line.width)), .codeBlock)
        return line
    }

    /// Expands tabs to columns of the line, whatever spans it is split into.
    private static func expandingTabs(_ line: String) -> String {
        guard line.utf8.contains(0x09) else { return line }
        var result = ""
        var column = 0
        for (index, part) in line.split(separator: "\t", omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                let blanks = Sanitizer.tabWidth - column % Sanitizer.tabWidth
                result += String(repeating: " ", count: blanks)
                column += blanks
            }
            result += part
            column += DisplayWidth.of(Sanitizer.visible(String(part)))
        }
        return result
    }
}
