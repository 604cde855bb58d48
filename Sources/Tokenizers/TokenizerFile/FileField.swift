import JSON

/// A field of `tokenizer.json` and its path, so that errors can name it.
struct FileField {
    /// Nil if the field is missing.
    let value: JSONValue?
    /// For example `pre_tokenizer.pretokenizers[1].behavior`.
    let path: String

    init(_ value: JSONValue?, _ path: String) {
        self.value = value
        self.path = path
    }

    func error(_ problem: String) -> TokenizerError { .file(field: path, problem: problem) }

    /// Whether the field is missing or null.
    var isAbsent: Bool { value?.isNull ?? true }

    /// A field of this object; missing if this is none.
    subscript(name: String) -> FileField {
        FileField(value?.object?[name], path.isEmpty ? name : "\(path).\(name)")
    }

    func string() throws(TokenizerError) -> String {
        guard let text = value?.string else { throw error("a string expected") }
        guard text.utf8.count <= Self.longestString else { throw error("longer than \(Self.longestString) bytes") }
        return text
    }

    /// Nil if the field is absent.
    func optionalString() throws(TokenizerError) -> String? { try isAbsent ? nil : string() }

    /// Names, prefixes and replacements have a few characters, patterns a few thousand.
    private static let longestString = 65_536

    /// A string of one character, as its number.
    func character() throws(TokenizerError) -> UInt32 {
        let scalars = try string().unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else { throw error("one character expected") }
        return scalar.value
    }

    /// - Parameter standard: the value of an absent field; nil if the field is required.
    func bool(_ standard: Bool? = nil) throws(TokenizerError) -> Bool {
        if isAbsent, let standard { return standard }
        guard let value = value?.bool else { throw error("true or false expected") }
        return value
    }

    /// A number from 0 on.
    func count(_ standard: Int? = nil) throws(TokenizerError) -> Int {
        if isAbsent, let standard { return standard }
        guard let count = value?.integer, count >= 0 else { throw error("a number from 0 on expected") }
        return count
    }

    func object() throws(TokenizerError) -> JSONObject {
        guard let object = value?.object else { throw error("an object expected") }
        return object
    }

    func list() throws(TokenizerError) -> [JSONValue] {
        guard let items = value?.array else { throw error("a list expected") }
        return items
    }

    /// The items of a short list, such as that of a sequence.
    func items() throws(TokenizerError) -> [FileField] {
        let items = try list()
        guard items.count <= Self.mostItems else { throw error("more than \(Self.mostItems) items") }
        return items.enumerated().map { FileField($0.element, "\(path)[\($0.offset)]") }
    }

    private static let mostItems = 1_000

    /// The value of `type`, or of any other field that names a variant of a closed set.
    func variant<Variant: RawRepresentable & CaseIterable>(
        _: Variant.Type
    ) throws(TokenizerError) -> Variant where Variant.RawValue == String {
        let name = try string()
        guard let variant = Variant(rawValue: name) else {
            let known = Variant.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("\(String(name.prefix(64)).debugDescription) is not supported; supported are \(known)")
        }
        return variant
    }
}

extension [UInt32] {
    /// The numbers of a text's characters.
    init(scalarsOf text: String) { self = text.unicodeScalars.map(\.value) }
}
