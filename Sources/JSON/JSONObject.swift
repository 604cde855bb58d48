/// The fields of a JSON object, in the order in which they were read or added.
///
/// Names are compared by their bytes, as in any other program that reads the file: "é" as one code point and as two are
/// different names. If a name occurs twice, the last value wins and keeps the first one's position. Equality ignores
/// the order of the fields.
public struct JSONObject: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
    public struct Field: Sendable {
        public let name: String
        public internal(set) var value: JSONValue
        /// The line of the name, counted from 1; nil for a field that was not read from text.
        public internal(set) var line: Int?
    }

    private var fields: [Field] = []
    private var positions: [Name: Int] = [:]

    public init() {}

    public init(_ fields: some Sequence<(name: String, value: JSONValue)>) {
        for field in fields { self[field.name] = field.value }
    }

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.lazy.map { (name: $0.0, value: $0.1) })
    }

    public var isEmpty: Bool { fields.isEmpty }

    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    /// Setting nil removes the field.
    public subscript(name: String) -> JSONValue? {
        get { positions[Name(name)].map { fields[$0].value } }
        set { if let newValue { set(name, to: newValue, line: nil) } else { remove(name) } }
    }

    /// The field with this name, including its line in the text it was read from.
    public func field(_ name: String) -> Field? { positions[Name(name)].map { fields[$0] } }

    mutating func set(_ name: String, to value: JSONValue, line: Int?) {
        if let position = positions[Name(name)] {
            fields[position].value = value
            fields[position].line = line
        } else {
            positions[Name(name)] = fields.count
            fields.append(Field(name: name, value: value, line: line))
        }
    }

    private mutating func remove(_ name: String) {
        guard let position = positions.removeValue(forKey: Name(name)) else { return }
        fields.remove(at: position)
        for index in position..<fields.count { positions[Name(fields[index].name)] = index }
    }

    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.fields.count == right.fields.count && left.fields.allSatisfy { right[$0.name] == $0.value }
    }

    /// A name compared by its bytes; Swift strings compare by characters.
    private struct Name: Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
