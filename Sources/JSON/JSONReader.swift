/// Reads JSON (RFC 8259) from bytes that may be hostile or damaged: bounded in depth, linear in time.
///
/// Besides the strict reading there are two that save what they can. One is for what programs write and a crash cuts short:
/// at the first mistake every open list and object ends where it stands. The other is for what people write: what is wrong
/// is left out, and reading goes on behind it.
public struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0
    /// Counted from 1. Line breaks stand only between values: inside of texts they are a mistake.
    private var line = 1
    let tolerance: Tolerance
    /// One a line.
    private var mistakes: [JSONError] = []
    private var mistakeCount = 0
    /// Nothing more is read.
    private var isOver = false

    /// What becomes of a mistake.
    enum Tolerance {
        /// It is thrown.
        case none
        /// What stands before it is kept.
        case beginning
        /// What stands around it is kept.
        case rest
    }

    /// Lists and objects inside one another.
    public static let depthLimit = 100
    /// Mistakes after which what people write is read no further.
    public static let mistakeLimit = 50

    /// The one value that the text holds.
    public static func read(_ text: String) throws(JSONError) -> JSONValue { try read(Array(text.utf8)) }

    /// The one value that the bytes hold.
    public static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes, .none)
        if let mistake = reader.encodingMistake { throw mistake }
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("nothing more after the value") }
        return value
    }

    /// What stands before the first mistake, and the mistake (nil where there is none).
    public static func recover(_ bytes: [UInt8]) -> (value: JSONValue, mistake: JSONError?) {
        var reader = JSONReader(bytes, .beginning)
        let value = reader.whole()
        return (value, reader.mistakes.first ?? reader.encodingMistake)
    }

    /// All but what is wrong, and the first mistake of every line that has one.
    public static func forgive(_ text: String) -> (value: JSONValue, mistakes: [JSONError]) {
        var reader = JSONReader(Array(text.utf8), .rest)
        let value = reader.whole()
        return (value, reader.mistakes)
    }

    private init(_ bytes: [UInt8], _ tolerance: Tolerance) {
        self.bytes = bytes
        self.tolerance = tolerance
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// The one value of a text that may hold mistakes.
    private mutating func whole() -> JSONValue {
        var result = JSONValue.null
        do {
            result = try value()
            skipSpace()
            if !isOver, position < bytes.count { note(error("nothing more after the value")) }
        } catch { note(error) }
        return result
    }

    // MARK: Mistakes

    private mutating func note(_ mistake: JSONError) {
        if mistakes.last?.line != mistake.line { mistakes.append(mistake) }
        mistakeCount += 1
        if tolerance == .beginning || mistakeCount >= Self.mistakeLimit { isOver = true }
    }

    /// Notes a mistake where what was read up to it is kept, else throws it.
    mutating func note(_ mistake: JSONError, ifKept isKept: Bool) throws(JSONError) {
        guard isKept else { throw mistake }
        note(mistake)
    }

    /// Leaves an entry of a list or object that cannot be read, up to where another may begin.
    private mutating func leaveEntry(_ mistake: JSONError, before end: Unicode.Scalar) throws(JSONError) {
        try note(mistake, ifKept: tolerance != .none)
        guard tolerance == .rest else { return }
        while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: end), byte != 0x0a { position += 1 }
    }

    /// Whether another entry follows the one before; where none does, the list or object is closed.
    private mutating func goesOn(before end: Unicode.Scalar) throws(JSONError) -> Bool {
        if isOver { return false }
        let behind = position
        if skip(",") {
            guard tolerance == .rest, skip(end) else { return true }
            note(JSONError(at: behind, in: bytes, expected: "no ',' before '\(end)'"))
            return false
        }
        if skip(end) { return false }
        try note(JSONError(at: behind, in: bytes, expected: "',' or '\(end)'"), ifKept: tolerance != .none)
        return !isOver && position < bytes.count
    }

    // MARK: Values

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try nested { reader throws(JSONError) in try reader.fields() })
        case UInt8(ascii: "["): return .array(try nested { reader throws(JSONError) in try reader.items() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<Result>(
        _ read: (inout JSONReader) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        guard depth < Self.depthLimit else { throw error("at most \(Self.depthLimit) levels") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try read(&self)
    }

    private mutating func fields() throws(JSONError) -> JSONObject {
        var fields = JSONObject()
        guard !skip("}") else { return fields }
        repeat {
            do throws(JSONError) {
                skipSpace()
                let line = line
                let name = try string()
                guard skip(":") else { throw error("':' after a field's name") }
                fields.set(name, to: try value(), line: line)
            } catch { try leaveEntry(error, before: "}") }
        } while try goesOn(before: "}")
        return fields
    }

    private mutating func items() throws(JSONError) -> [JSONValue] {
        var items: [JSONValue] = []
        guard !skip("]") else { return items }
        repeat {
            do throws(JSONError) { items.append(try value()) } catch { try leaveEntry(error, before: "]") }
        } while try goesOn(before: "]")
        return items
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual("\(word)".utf8) else { throw error("a value") }
        position = end
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw error("a value") }
        if peek == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw error("a digit") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw error("a digit") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    // MARK: Bytes

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard let byte = peek, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            if byte == 0x0a { line += 1 }
            position += 1
        }
    }

    func error(_ expected: String) -> JSONError { JSONError(at: position, in: bytes, expected: expected) }
}
