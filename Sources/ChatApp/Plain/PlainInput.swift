/// Lines as they come, put together to messages: a line that ends in a backslash goes on in the next one, and what
/// stands between """ and """ is one text.
struct PlainInput: Sendable {
    private static let mark = #"""""#
    private var lines: [String] = []
    private var isQuoted = false

    /// Whether a message has begun that the next line goes on with.
    var isOpen: Bool { !lines.isEmpty || isQuoted }

    /// The whole message once this line ends it; nil before that.
    mutating func take(_ line: String) -> String? {
        if isQuoted {
            guard line.trimmedAtEnd.hasSuffix(Self.mark) else {
                lines.append(line)
                return nil
            }
            let last = String(line.trimmedAtEnd.dropLast(Self.mark.count))
            if !last.isEmpty { lines.append(last) }
            return finish()
        }
        if lines.isEmpty, line.hasPrefix(Self.mark) {
            let rest = String(line.dropFirst(Self.mark.count))
            if rest.trimmedAtEnd.hasSuffix(Self.mark) { return String(rest.trimmedAtEnd.dropLast(Self.mark.count)) }
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

    /// Any text as one line that is taken for it.
    static func quoted(_ text: String) -> String { mark + text + mark }

    /// What has begun is given up.
    mutating func cancel() { self = PlainInput() }

    /// What has begun, where no more will come; nil where nothing has.
    mutating func finish() -> String? {
        defer { self = PlainInput() }
        return isOpen ? lines.joined(separator: "\n") : nil
    }
}

extension String {
    fileprivate var trimmedAtEnd: Substring {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
