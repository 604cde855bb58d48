/// Writes JSON that is easy to read and to keep under version control: sorted keys, two spaces of indentation, one item
/// per line.
public struct JSONWriter {
    private var text: [UInt8] = []
    private let isCompact: Bool

    /// Ends with a line break.
    public static func pretty(_ value: JSONValue) -> String {
        var writer = JSONWriter(isCompact: false)
        writer.writeValue(value, indent: 0)
        return String(decoding: writer.text, as: UTF8.self) + "\n"
    }

    /// On one line, without a line break.
    public static func compact(_ value: JSONValue) -> String {
        var writer = JSONWriter(isCompact: true)
        writer.writeValue(value, indent: 0)
        return String(decoding: writer.text, as: UTF8.self)
    }

    private init(isCompact: Bool) { self.isCompact = isCompact }

    private mutating func writeValue(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: write("null")
        case .bool(let value): write(value ? "true" : "false")
        case .number(let digits): write(digits)
        case .string(let string): writeString(string)
        case .array(let items):
            writeList("[", items, "]", indent) { writer, item in writer.writeValue(item, indent: indent + 1) }
        case .object(let fields):
            let sorted = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            writeList("{", sorted, "}", indent) { writer, field in
                writer.writeString(field.name)
                writer.write(writer.isCompact ? ":" : ": ")
                writer.writeValue(field.value, indent: indent + 1)
            }
        }
    }

    private mutating func writeList<Item>(
        _ open: String, _ items: [Item], _ close: String, _ indent: Int, _ write: (inout JSONWriter, Item) -> Void
    ) {
        self.write(open)
        for (index, item) in items.enumerated() {
            if index > 0 { self.write(",") }
            breakLine(indent + 1)
            write(&self, item)
        }
        if !items.isEmpty { breakLine(indent) }
        self.write(close)
    }

    private mutating func breakLine(_ indent: Int) {
        guard !isCompact else { return }
        write("\n")
        for _ in 0..<indent { write("  ") }
    }

    private mutating func write(_ part: String) { text.append(contentsOf: part.utf8) }

    /// Escapes control characters, including C1 and those that reorder the text around them, so that a file shown in a
    /// terminal cannot control it and looks like what it is.
    private mutating func writeString(_ string: String) {
        write("\"")
        var string = string
        string.withUTF8 { bytes in
            var start = 0, index = 0
            while index < bytes.count {
                // Most text needs no escapes and is copied in long runs.
                guard let (escape, length) = Self.escape(bytes[index...]) else {
                    index += 1
                    continue
                }
                text.append(contentsOf: bytes[start..<index])
                write(escape)
                index += length
                start = index
            }
            text.append(contentsOf: bytes[start...])
        }
        write("\"")
    }

    /// How the character at the beginning of a text has to be written, and its length in bytes; nil if as it is.
    private static func escape(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (text: String, length: Int)? {
        let first = bytes[bytes.startIndex]
        switch first {
        case UInt8(ascii: "\""): return ("\\\"", 1)
        case UInt8(ascii: "\\"): return ("\\\\", 1)
        case UInt8(ascii: "\n"): return ("\\n", 1)
        case UInt8(ascii: "\r"): return ("\\r", 1)
        case UInt8(ascii: "\t"): return ("\\t", 1)
        case 0..<0x20, 0x7F: return (unicodeEscape(UInt32(first)), 1)
        // The first bytes of U+0080 to U+009F, U+061C, and U+200E to U+2069.
        case 0xC2, 0xD8, 0xE2:
            let length = first == 0xE2 ? 3 : 2
            guard let scalar = String(decoding: bytes.prefix(length), as: UTF8.self).unicodeScalars.first else {
                return nil
            }
            switch scalar.value {
            case 0x80...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                return (unicodeEscape(scalar.value), length)
            default: return nil
            }
        default: return nil
        }
    }

    private static func unicodeEscape(_ code: UInt32) -> String {
        let digits = String(code, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
