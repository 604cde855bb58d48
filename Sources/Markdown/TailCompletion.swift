/// Completes the last paragraph of a growing text, which may end in the middle of a construct. Open marks are closed
/// and undecided ones removed, so that nothing is shown that the next token turns into something else.
extension MaskedSource {
    mutating func completeTail() {
        var tail = TailCompletion(text)
        tail.complete()
        text = tail.text
    }
}

struct TailCompletion {
    private(set) var text: [UInt8]

    init(_ text: [UInt8]) { self.text = text }

    mutating func complete() {
        guard !text.isEmpty else { return }
        var fence = FenceTracker()
        for line in text.split(separator: Self.newline, omittingEmptySubsequences: false).dropLast() {
            _ = fence.read(line)
        }
        let lastStart = text.lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
        if Self.isUndecided(text[lastStart...]) { text.removeLast(text.count - lastStart) }
        if fence.isOpen { return }
        let paragraph = paragraphStart
        if completeTable(from: paragraph) { return }
        completeInlines(from: paragraph)
    }

    private static let newline = UInt8(ascii: "\n")

    /// A line that may still become a fence, a rule, a heading underline, a list item or emphasis.
    private static func isUndecided(_ line: ArraySlice<UInt8>) -> Bool {
        let body = line.drop { $0 <= 0x20 || $0 == UInt8(ascii: ">") }
        let marks = body.reversed().drop { $0 == 0x20 }
        guard let first = marks.first else { return false }
        return marks.allSatisfy { $0 == first } && "-=*_+#`~$|".utf8.contains(first)
            && !(marks.count >= 3 && first == UInt8(ascii: "`"))
    }

    /// After the last blank line.
    private var paragraphStart: Int {
        var start = text.startIndex
        var isBlank = true
        for index in text.indices {
            if text[index] == Self.newline {
                if isBlank { start = index + 1 }
                isBlank = true
            } else if text[index] > 0x20 {
                isBlank = false
            }
        }
        return start
    }

    // MARK: Tables

    /// Treats a row that starts with a bar as a table header: completes or adds the delimiter row below it.
    private mutating func completeTable(from start: Int) -> Bool {
        let lines = text[start...].split(separator: Self.newline)
        guard (1...2).contains(lines.count), let header = lines.first else { return false }
        let prefix = header.prefix { $0 != UInt8(ascii: "|") }
        guard prefix.count < header.count, prefix.allSatisfy(FenceTracker.isPrefix) else { return false }
        let row = header.dropFirst(prefix.count)
        let columns = Self.cells(row)
        guard (1...TableGuard.maxColumns).contains(columns) else { return false }
        var marks: [ArraySlice<UInt8>] = []
        if lines.count == 2 {
            let line = lines[1].drop { FenceTracker.isPrefix($0) && $0 != UInt8(ascii: "-") }
            guard text.last != Self.newline, line.allSatisfy({ "|:- ".utf8.contains($0) }) else { return false }
            marks = line.split(separator: UInt8(ascii: "|"))
            text.removeLast(text.endIndex - lines[1].startIndex)
        }
        while text.last == Self.newline { text.removeLast() }
        if text.last == UInt8(ascii: "\\") { text.removeLast() }
        // In a list item, the row is indented like the header.
        let indent = prefix.map { $0 == UInt8(ascii: ">") ? $0 : 0x20 }
        text += [Self.newline] + indent
        for column in 0..<columns {
            let mark = column < marks.count ? marks[column].filter { $0 > 0x20 } : []
            let isComplete =
                mark.contains(UInt8(ascii: "-")) && mark.dropFirst().dropLast().allSatisfy { $0 == UInt8(ascii: "-") }
            text += Array("|".utf8) + (isComplete ? mark : Array("---".utf8))
        }
        text.append(UInt8(ascii: "|"))
        return true
    }

    private static func cells(_ row: ArraySlice<UInt8>) -> Int {
        var count = 0
        var hasText = false
        var index = row.startIndex + 1
        while index < row.endIndex {
            if row[index] == UInt8(ascii: "|") {
                count += 1
                hasText = false
            } else if row[index] > 0x20 {
                hasText = true
                if row[index] == UInt8(ascii: "\\") { index += 1 }
            }
            index += 1
        }
        return max(1, count + (hasText ? 1 : 0))
    }

    // MARK: Emphasis, code and links

    private mutating func completeInlines(from start: Int) {
        var open: [(mark: UInt8, length: Int)] = []
        var brackets: [Int] = []
        var index = start
        while index < text.endIndex {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "`"):
                let length = run(at: index)
                if let close = closing(length, from: index + length) {
                    index = close + length
                } else if text[(index + length)...].contains(where: { $0 > 0x20 }) {
                    trimBlanks()
                    text += Array(repeating: byte, count: length)
                    return close(open)
                } else {
                    text.removeLast(text.endIndex - index)
                    return close(open)
                }
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                let length = run(at: index)
                readDelimiter(mark: byte, length: length, at: index, &open)
                index += length
            case UInt8(ascii: "["):
                brackets.append(index)
                index += 1
            case UInt8(ascii: "]"):
                let opening = brackets.popLast()
                index += 1
                guard let opening else { continue }
                if index == text.endIndex, opening == start || text[opening - 1] <= 0x20, index - opening > 3 {
                    // Its address may follow.
                    text.removeLast()
                    text.remove(at: opening)
                    return close(open)
                }
                guard index < text.endIndex, text[index] == UInt8(ascii: "(") else { continue }
                if let end = text[index...].firstIndex(of: UInt8(ascii: ")")) {
                    index = end + 1
                } else if !text[index...].contains(Self.newline) {
                    // An incomplete address: its text is shown without it.
                    text.removeLast(text.endIndex - index + 1)
                    text.remove(at: opening)
                    if opening > start, text[opening - 1] == UInt8(ascii: "!") { text.remove(at: opening - 1) }
                    return close(open)
                }
            default: index += 1
            }
        }
        close(open)
    }

    private func run(at index: Int) -> Int { text[index...].prefix { $0 == text[index] }.count }

    /// The start of the next run of the same number of backticks.
    private func closing(_ length: Int, from start: Int) -> Int? {
        var index = start
        while let found = text[index...].firstIndex(of: UInt8(ascii: "`")) {
            let run = run(at: found)
            if run == length { return found }
            index = found + run
        }
        return nil
    }

    private func readDelimiter(mark: UInt8, length: Int, at index: Int, _ open: inout [(mark: UInt8, length: Int)]) {
        if mark == UInt8(ascii: "~"), length != 2 { return }
        let before = index > text.startIndex ? text[index - 1] : 0x20
        let after = index + length < text.endIndex ? text[index + length] : 0x20
        let isWord = mark == UInt8(ascii: "_")
        var rest = length
        if before > 0x20, !isWord || !after.isWordByte {
            while rest > 0, let last = open.last, last.mark == mark, last.length <= rest {
                rest -= last.length
                open.removeLast()
            }
        }
        if rest == 0 || after <= 0x20 || isWord && before.isWordByte { return }
        if rest >= 2 { open.append((mark, 2)) }
        if rest % 2 == 1 { open.append((mark, 1)) }
    }

    /// Closes open marks, before any trailing blanks. A mark at the very end is undecided.
    private mutating func close(_ open: [(mark: UInt8, length: Int)]) {
        trimBlanks()
        if open.isEmpty {
            let marks = text.reversed().prefix { "*_~".utf8.contains($0) }.count
            // After a blank it opens something; otherwise it may be a closing mark.
            if marks > 0, marks < text.count, text[text.endIndex - marks - 1] <= 0x20 { text.removeLast(marks) }
            return
        }
        while let last = text.last, "*_~".utf8.contains(last) { text.removeLast() }
        trimBlanks()
        for entry in open.reversed() { text += Array(repeating: entry.mark, count: entry.length) }
    }

    private mutating func trimBlanks() {
        while let last = text.last, last <= 0x20 { text.removeLast() }
    }
}
