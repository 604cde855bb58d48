import TUI

/// A piece of plain mode's output.
enum PlainText: Sendable, Equatable {
    /// One or more lines of their own.
    case line(String)
    /// Starts a new line, which is continued.
    case start(String)
    /// Continues where the last piece ended.
    case more(String)
}

/// Turns pieces of output into text, with control characters made visible.
struct PlainOutput: Sendable {
    private var text = ""
    private var isAtLineStart = true

    mutating func add(_ pieces: [PlainText]) {
        for piece in pieces {
            switch piece {
            case .line(let line):
                endLine()
                append(line)
                endLine()
            case .start(let start):
                endLine()
                append(start)
            case .more(let more): append(more)
            }
        }
    }

    mutating func endLine() {
        if !isAtLineStart { text += "\n" }
        isAtLineStart = true
    }

    /// The text since the last call.
    mutating func take() -> String {
        defer { text = "" }
        return text
    }

    private mutating func append(_ more: String) {
        guard !more.isEmpty else { return }
        let lines = more.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        text += lines.map { Sanitizer.visible(String($0)) }.joined(separator: "\n")
        isAtLineStart = lines.last?.isEmpty == true
    }
}
