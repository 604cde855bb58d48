/// Puts lines together to messages: a line that ends with a backslash continues on the next one, and the lines between
/// """ and """ are one text.
struct PlainInput: Sendable {
    private static let quote = #"""""#
    private var lines: [String] = []
    private var isQuoted = false

    /// Whether the next line continues a message.
    var isUnfinished: Bool { !lines.isEmpty || isQuoted }

    /// The complete message if this line ends it, else nil.
    mutating func add(_ line: String) -> String? {
        if isQuoted {
            guard line.trimmedAtEnd.hasSuffix(Self.quote) else {
                lines.append(line)
                return nil
            }
            let last = String(line.trimmedAtEnd.dropLast(Self.quote.count))
            if !last.isEmpty { lines.append(last) }
            return finish()
        }
        if lines.isEmpty, line.hasPrefix(Self.quote) {
            let rest = String(line.dropFirst(Self.quote.count))
            if rest.trimmedAtEnd.hasSuffix(Self.quote) { return String(rest.trimmedAtEnd.dropLast(Self.quote.count)) }
            isQuoted = true
            if !rest.isEmpty { lines = [rest] }
            return nil
        }
        if line.hasSuffix("\\") {
            lines.append(String(line.dropLast()))
            return nil
        }
        lines.append(line)
        return finish()
    }

    /// Any text as a single line that `add` returns as it is.
    static func quoted(_ text: String) -> String { quote + text + quote }

    /// Drops an unfinished message.
    mutating func cancel() { self = PlainInput() }

    /// Ends an unfinished message; nil if there is none.
    mutating func finish() -> String? {
        defer { self = PlainInput() }
        return isUnfinished ? lines.joined(separator: "\n") : nil
    }
}

extension String {
    fileprivate var trimmedAtEnd: Substring {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
