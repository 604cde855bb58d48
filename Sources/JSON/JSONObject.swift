/// The fields of a JSON object in the order in which they were written or added.
///
/// Names are the same where their bytes are: "é" as one character and as two are two names, as in any other program
/// that reads the file. Of a name that is there twice the last value counts, at the place of the first. Objects are
/// equal whatever the order of their fields.
public struct JSONObject: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
    public struct Field: Sendable {
        public let name: String
        public internal(set) var value: JSONValue
        /// The line, from 1, that the name stands on; nil for a field that was not read from a text.
        public internal(set) var line: Int?
    }

    private var fields: [Field] = []
    private var places: [Name: Int] = [:]

    public init() {}

    public init(_ fields: some Sequence<(name: String, value: JSONValue)>) {
        for field in fields { self[field.name] = field.value }
    }

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.lazy.map { (name: $0.0, value: $0.1) })
    }

    public var isEmpty: Bool { fields.isEmpty }

    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    /// Setting nil takes the field out.
    public subscript(name: String) -> JSONValue? {
        get { places[Name(name)].map { fields[$0].value } }
        set { if let newValue { set(name, to: newValue, line: nil) } else { remove(name) } }
    }

    /// The field of that name, with its place in the text that it was read from.
    public func field(_ name: String) -> Field? { places[Name(name)].map { fields[$0] } }

    mutating func set(_ name: String, to value: JSONValue, line: Int?) {
        if let place = places[Name(name)] {
            fields[place].value = value
            fields[place].line = line
        } else {
            places[Name(name)] = fields.count
            fields.append(Field(name: name, value: value, line: line))
        }
    }

    private mutating func remove(_ name: String) {
        guard let place = places.removeValue(forKey: Name(name)) else { return }
        fields.remove(at: place)
        for index in place..<fields.count { places[Name(fields[index].name)] = index }
    }

    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.fields.count == right.fields.count && left.fields.allSatisfy { right[$0.name] == $0.value }
    }

    /// A name that is compared by its bytes; Swift's strings compare by characters.
    private struct Name: Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
