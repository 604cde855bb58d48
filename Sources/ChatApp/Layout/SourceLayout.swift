import TUI

/// Text as it was written, wrapped. The text can grow; complete lines are laid out only once.
struct SourceLayout: Sendable {
    let width: Int
    private(set) var lines: [StyledLine] = []
    /// How many of `lines` come from complete lines of the text, and how many bytes those have.
    private var finishedCount = 0
    private var consumed = 0

    init(width: Int) { self.width = width }

    /// Lays out a text that begins with the text laid out so far.
    mutating func extend(to text: String) {
        lines.removeSubrange(finishedCount...)
        var rest = text.utf8.dropFirst(consumed)
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines += layOut(rest[..<end])
            consumed += rest.distance(from: rest.startIndex, to: end) + 1
            rest = rest[rest.index(after: end)...]
        }
        finishedCount = lines.count
        if !rest.isEmpty { lines += layOut(rest) }
    }

    private func layOut(_ line: Substring.UTF8View) -> [StyledLine] {
        let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        return Wrapping.wrap(StyledLine(String(decoding: text, as: UTF8.self)), width: width)
    }
}
