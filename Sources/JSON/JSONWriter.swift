/// Writes JSON for people and for version control: sorted keys, two spaces of indent, one item a line.
public struct JSONWriter {
    private var text = ""
    private let isCompact: Bool

    /// Ends with a line break.
    public static func pretty(_ value: JSONValue) -> String {
        var writer = JSONWriter(isCompact: false)
        writer.write(value, indent: 0)
        return writer.text + "\n"
    }

    /// On one line, without a line break.
    public static func compact(_ value: JSONValue) -> String {
        var writer = JSONWriter(isCompact: true)
        writer.write(value, indent: 0)
        return writer.text
    }

    private init(isCompact: Bool) { self.isCompact = isCompact }

    private mutating func write(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let string): write(string)
        case .array(let items):
            list("[", items, "]", indent) { writer, item in writer.write(item, indent: indent + 1) }
        case .object(let fields):
            let sorted = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            list("{", sorted, "}", indent) { writer, field in
                writer.write(field.name)
                writer.text += writer.isCompact ? ":" : ": "
                writer.write(field.value, indent: indent + 1)
            }
        }
    }

    private mutating func list<Item>(
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

    /// Control characters, the C1 ones included, are escaped: a file that is looked at in a terminal cannot steer it.
    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ", "\u{7f}"..."\u{9f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
