/// Writes JSON that is easy to read and to keep under version control: sorted keys, two spaces of indentation, one item
/// per line.
public struct JSONWriter {
    private var text = ""
    private let isCompact: Bool

    /// Ends with a line break.
    public static func pretty(_ value: JSONValue) -> String {
        var writer = JSONWriter(isCompact: false)
        writer.writeValue(value, indent: 0)
        return writer.text + "\n"
    }

    /// On one line, without a line break.
    public static func compact(_ value: JSONValue) -> String {
        var writer = JSONWriter(isCompact: true)
        writer.writeValue(value, indent: 0)
        return writer.text
    }

    private init(isCompact: Bool) { self.isCompact = isCompact }

    private mutating func writeValue(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let string): writeString(string)
        case .array(let items):
            writeList("[", items, "]", indent) { writer, item in writer.writeValue(item, indent: indent + 1) }
        case .object(let fields):
            let sorted = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            writeList("{", sorted, "}", indent) { writer, field in
                writer.writeString(field.name)
                writer.text += writer.isCompact ? ":" : ": "
                writer.writeValue(field.value, indent: indent + 1)
            }
        }
    }

    private mutating func writeList<Item>(
        _ open: String, _ items: [Item], _ close: String, _ indent: Int, _ write: (inout JSONWriter, Item) -> Void
    ) {
        text += open
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            breakLine(indent + 1)
            write(&self, item)
        }
        if !items.isEmpty { breakLine(indent) }
        text += close
    }

    private mutating func breakLine(_ indent: Int) {
        guard !isCompact else { return }
        text += "\n"
        for _ in 0..<indent { text += "  " }
    }

    /// Escapes control characters, including C1 and those that reorder the text around them, so that a file shown in a
    /// terminal cannot control it and looks like what it is.
    private mutating func writeString(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ", "\u{7f}"..."\u{9f}", "\u{61c}", "\u{200e}"..."\u{200f}", "\u{2028}"..."\u{202e}",
                "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
