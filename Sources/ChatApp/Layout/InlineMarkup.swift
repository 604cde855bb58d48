import TUI

/// Bold, italic and code within one line. A mark without its partner is ordinary text.
enum InlineMarkup {
    private static let marks: [(mark: String, role: StyleRole)] = [("**", .strong), ("`", .code), ("*", .emphasis)]

    static func parse(_ text: String, base: StyleRole) -> StyledLine {
        var line = StyledLine()
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.first == "\\", let escaped = rest.dropFirst().first, "\\`*_#>-+".contains(escaped) {
                line.append(String(escaped), base)
                rest = rest.dropFirst(2)
            } else if let found = marked(rest) {
                line.append(String(found.content), found.role)
                rest = found.rest
            } else {
                let plain = rest.dropFirst().prefix { !"\\`*".contains($0) }
                line.append(String(rest[..<plain.endIndex]), base)
                rest = rest[plain.endIndex...]
            }
        }
        return line
    }

    private static func marked(_ text: Substring) -> (content: Substring, role: StyleRole, rest: Substring)? {
        for (mark, role) in marks where text.hasPrefix(mark) {
            let inner = text.dropFirst(mark.count)
            guard let close = inner.firstRange(of: mark) else { return nil }
            let content = inner[..<close.lowerBound]
            guard let first = content.first, let last = content.last else { return nil }
            if role != .code, first == " " || last == " " { return nil }
            return (content, role, inner[close.upperBound...])
        }
        return nil
    }
}
