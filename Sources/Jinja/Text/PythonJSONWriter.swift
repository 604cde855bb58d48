/// The layout options of Python's `json.dumps`.
struct PythonJSONStyle {
    /// Whether to escape everything beyond ASCII.
    var isASCII = false
    var sortsKeys = false
    /// The indentation of each level; nil to write everything on one line.
    var indentation: String?
    var itemSeparator = ", "
    var keySeparator = ": "
}

/// Writes values as Python's `json.dumps` does.
struct PythonJSONWriter {
    private let style: PythonJSONStyle
    private let interpreter: Interpreter
    private(set) var text = JinjaString()
    private var level = 0

    init(style: PythonJSONStyle, interpreter: Interpreter) {
        self.style = style
        self.interpreter = interpreter
    }

    /// Appends `value`.
    /// - Throws: ``JinjaError`` for a value that JSON cannot represent, or when a limit is reached.
    mutating func write(_ value: JinjaValue) throws(JinjaError) {
        try interpreter.charge(4)
        switch value {
        case .none: text.append(literal: "null")
        case .bool(let value): text.append(literal: value ? "true" : "false")
        case .int(let value): text.append(literal: String(value))
        case .float(let value): text.append(literal: Self.number(value))
        case .string(let string): try writeString(string)
        case .sequence(let sequence) where sequence.isIndexable: try writeSequence(sequence)
        case .dict(let dict): try writeDict(dict)
        case .undefined(let undefined): throw undefined.error
        default: throw JinjaError(.type, "'tojson' cannot write a \(value.typeName)")
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return Numbers.text(value)
    }

    // MARK: - Containers

    private mutating func writeSequence(_ sequence: JinjaSequence) throws(JinjaError) {
        try writeItems(sequence.elements, open: "[", close: "]") { (writer, element) throws(JinjaError) in
            try writer.write(element)
        }
    }

    private mutating func writeDict(_ dict: JinjaDict) throws(JinjaError) {
        var entries: [(key: JinjaString, value: JinjaValue)] = []
        for (key, value) in try sortedEntries(dict) { entries.append((try Self.name(key), value)) }
        try writeItems(entries, open: "{", close: "}") { (writer, entry) throws(JinjaError) in
            try writer.writeString(entry.key)
            writer.text.append(literal: writer.style.keySeparator)
            try writer.write(entry.value)
        }
    }

    private func sortedEntries(_ dict: JinjaDict) throws(JinjaError) -> [JinjaDict.Entry] {
        guard style.sortsKeys else { return dict.entries }
        var entries: [JinjaDict.Entry] = []
        for key in try interpreter.sorted(dict.entries.map(\.key), by: { (key) throws(JinjaError) in key }) {
            entries.append((key, try dict[JinjaKey(key)] ?? .none))
        }
        return entries
    }

    /// A key as JSON writes it: always a string.
    private static func name(_ key: JinjaValue) throws(JinjaError) -> JinjaString {
        switch key {
        case .string(let text): text
        case .none: JinjaString("null", trusted: true)
        case .bool(let value): JinjaString(value ? "true" : "false", trusted: true)
        case .int(let value): JinjaString(String(value), trusted: true)
        case .float(let value): JinjaString(number(value), trusted: true)
        default: throw JinjaError(.type, "'tojson' cannot write a \(key.typeName) as a key")
        }
    }

    private mutating func writeItems<Item>(
        _ items: [Item], open: String, close: String,
        _ write: (inout PythonJSONWriter, Item) throws(JinjaError) -> Void
    ) throws(JinjaError) {
        text.append(literal: open)
        guard !items.isEmpty else {
            text.append(literal: close)
            return
        }
        level += 1
        for (index, item) in items.enumerated() {
            if index > 0 { text.append(literal: style.itemSeparator) }
            try breakLine()
            try interpreter.nested { () throws(JinjaError) in try write(&self, item) }
        }
        level -= 1
        try breakLine()
        text.append(literal: close)
    }

    private mutating func breakLine() throws(JinjaError) {
        guard let indentation = style.indentation else { return }
        try interpreter.charge(length: level * indentation.unicodeScalars.count)
        text.append(literal: "\n" + String(repeating: indentation, count: level))
    }

    // MARK: - Strings

    private mutating func writeString(_ string: JinjaString) throws(JinjaError) {
        try interpreter.charge(adding: string, to: text)
        text.append(literal: "\"")
        let isASCII = style.isASCII
        text.append(string.mapScalars { $0.jsonEscaped(isASCII: isASCII) })
        text.append(literal: "\"")
    }
}

extension Unicode.Scalar {
    private static let jsonEscapes: [Unicode.Scalar: String] = [
        "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b", "\u{c}": "\\f",
    ]

    fileprivate func jsonEscaped(isASCII: Bool) -> String {
        if value < 0x20 || self == "\"" || self == "\\" {
            return Self.jsonEscapes[self] ?? "\\u" + value.hexadecimal(digits: 4)
        }
        guard isASCII, value >= 0x7F, value != 0x7F else { return String(self) }
        return String(self).utf16.map { "\\u" + UInt32($0).hexadecimal(digits: 4) }.joined()
    }
}
