import TUI

/// Lays out a reply's text for a width, with light Markdown: headings, lists, quotes, rules, fenced code, bold, italic
/// and inline code. Works line by line, so that text may grow: lines that are complete are laid out once.
struct MarkupLayout: Sendable {
    let width: Int
    /// Lines from the complete part of the text.
    private var finished: [StyledLine] = []
    /// Lines from the last, still growing line of the text.
    private var tail: [StyledLine] = []
    /// Bytes of the text that `finished` covers.
    private var consumed = 0
    /// The mark that closes the open block of code.
    private var fence: String?

    init(_ text: String, width: Int) {
        self.width = width
        extend(to: text)
    }

    var lines: [StyledLine] { finished + tail }

    /// Takes up a text that begins with the one laid out so far.
    mutating func extend(to text: String) {
        var rest = text.utf8.dropFirst(consumed)
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            finished += layOut(String(decoding: rest[..<end], as: UTF8.self))
            consumed += rest.distance(from: rest.startIndex, to: end) + 1
            rest = rest[rest.index(after: end)...]
        }
        let openFence = fence
        tail = rest.isEmpty ? [] : layOut(String(decoding: rest, as: UTF8.self))
        fence = openFence
    }

    private mutating func layOut(_ source: String) -> [StyledLine] {
        let line = source.hasSuffix("\r") ? String(source.dropLast()) : source
        let trimmed = line.drop { $0 == " " }
        if let open = fence {
            if trimmed.hasPrefix(open), trimmed.allSatisfy({ $0 == open.first || $0 == " " }) {
                fence = nil
                return []
            }
            return code(line)
        }
        for mark in ["```", "~~~"] where trimmed.hasPrefix(mark) && !trimmed.dropFirst(3).contains("`") {
            fence = String(trimmed.prefix { $0 == mark.first })
            let language = trimmed.drop { $0 == mark.first }.filter { $0 != " " }
            return language.isEmpty ? [] : [StyledLine(Wrapping.truncate("  " + language, width: width), .muted)]
        }
        return prose(line, trimmed: String(trimmed))
    }

    /// Code keeps its columns, on a background that reaches the edge.
    private func code(_ line: String) -> [StyledLine] {
        Wrapping.wrap(StyledLine("  " + line, .codeBlock), width: width, indent: 2).map { row in
            var row = row
            row.append(String(repeating: " ", count: max(0, width - row.width)), .codeBlock)
            return StyledLine(row.text, .codeBlock)
        }
    }

    private func prose(_ line: String, trimmed: String) -> [StyledLine] {
        let indent = line.prefix { $0 == " " }.count
        let hashes = trimmed.prefix { $0 == "#" }.count
        if (1...6).contains(hashes), trimmed.dropFirst(hashes).first == " " {
            let title = trimmed.dropFirst(hashes + 1)
            return Wrapping.wrap(InlineMarkup.parse(String(title), base: .heading), width: width)
        }
        if trimmed.count >= 3, let mark = trimmed.first, "-*_".contains(mark), trimmed.allSatisfy({ $0 == mark }) {
            return [StyledLine(String(repeating: "─", count: width), .rule)]
        }
        if trimmed.hasPrefix(">") {
            let quoted = trimmed.dropFirst().drop { $0 == " " }
            return Wrapping.wrap(InlineMarkup.parse(String(quoted), base: .quote), width: width - 2).map { row in
                StyledLine([.init("│ ", .quote)] + row.spans)
            }
        }
        if let marker = Self.listMarker(trimmed) {
            var item = StyledLine(String(repeating: " ", count: min(indent, width / 3)))
            item.append(marker.count == 1 ? "•" : marker, .listMarker)
            item.append(" ", .text)
            let hanging = item.width
            for span in InlineMarkup.parse(String(trimmed.dropFirst(marker.count + 1)), base: .text).spans {
                item.append(span.text, span.role)
            }
            return Wrapping.wrap(item, width: width, indent: hanging)
        }
        return Wrapping.wrap(InlineMarkup.parse(line, base: .text), width: width)
    }

    /// "-", "*", "+" or a number with "." or ")", where a blank follows.
    private static func listMarker(_ text: String) -> String? {
        if let first = text.first, "-*+".contains(first), text.dropFirst().first == " " { return String(first) }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(digits.count)
        guard (1...9).contains(digits.count), let mark = rest.first, ".)".contains(mark), rest.dropFirst().first == " "
        else { return nil }
        return digits + String(mark)
    }
}
