import TUI

/// Text to be appended to what was written so far, and never changed afterwards.
struct PlainOutput: Sendable {
    private(set) var text = ""
    private var isAtLineStart = true

    /// Whole lines of their own.
    mutating func line(_ line: String) {
        endLine()
        append(line)
        endLine()
    }

    /// Goes on where the last text ended.
    mutating func append(_ more: String) {
        guard !more.isEmpty else { return }
        let lines = more.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        text += lines.map { Sanitizer.visible(String($0)) }.joined(separator: "\n")
        isAtLineStart = lines.last?.isEmpty == true
    }

    mutating func endLine() {
        if !isAtLineStart { text += "\n" }
        isAtLineStart = true
    }

    mutating func take() -> String {
        defer { text = "" }
        return text
    }
}

/// A text that grows, written word by word.
struct PlainStream: Sendable {
    /// Bytes of the text that were written.
    private(set) var written: Int

    init(written: Int = 0) { self.written = written }

    /// What is new, up to the last whole word; all of it where no more will come.
    mutating func next(of text: String, isWhole: Bool) -> String {
        let new = text.utf8.dropFirst(written)
        let end = isWhole ? new.endIndex : new.lastIndex { $0 == 0x20 || $0 == 0x0A }.map { new.index(after: $0) }
        guard let end, end > new.startIndex else { return "" }
        let piece = new[..<end]
        written += piece.count
        return String(decoding: piece, as: UTF8.self)
    }
}
