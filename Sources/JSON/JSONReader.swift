/// Reads JSON (RFC 8259) from bytes that may be hostile or damaged: bounded depth, linear time.
///
/// Besides strict reading there are two tolerant modes. `recover` is for files written by programs and cut short by a
/// crash: at the first error, every open array and object ends there. `readLeniently` is for files written by hand: it
/// skips what is wrong and continues after it.
public struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0
    /// Counted from 1. Line breaks occur only between values; inside strings they are an error.
    private var line = 1
    let tolerance: Tolerance
    private var hasInfinities = false
    /// At most one per line.
    private var errors: [JSONError] = []
    private var errorCount = 0
    /// Stops reading.
    private var isStopped = false

    /// What to do about an error.
    enum Tolerance {
        /// Throw it.
        case strict
        /// Keep what comes before it.
        case keepPrefix
        /// Skip what is wrong and keep the rest.
        case skipErrors
    }

    /// The maximum nesting of arrays and objects.
    public static let depthLimit = 100
    /// The number of errors after which `readLeniently` stops.
    public static let errorLimit = 50

    /// Reads text that consists of one value.
    public static func read(_ text: String) throws(JSONError) -> JSONValue { try read(Array(text.utf8)) }

    /// Reads bytes that consist of one value.
    ///
    /// - Parameter infinities: whether `Infinity`, `-Infinity` and `NaN` count as numbers, as Python's json module writes
    ///   them.
    public static func read(_ bytes: [UInt8], infinities: Bool = false) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes, .strict)
        reader.hasInfinities = infinities
        if let error = reader.encodingError { throw error }
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("no more text after the value") }
        return value
    }

    /// What comes before the first error, and that error, if any.
    public static func recover(_ bytes: [UInt8]) -> (value: JSONValue, error: JSONError?) {
        var reader = JSONReader(bytes, .keepPrefix)
        let value = reader.readTolerantly()
        return (value, reader.errors.first ?? reader.encodingError)
    }

    /// Everything but what is wrong, and the first error of every line that has one.
    public static func readLeniently(_ text: String) -> (value: JSONValue, errors: [JSONError]) {
        var reader = JSONReader(Array(text.utf8), .skipErrors)
        let value = reader.readTolerantly()
        return (value, reader.errors)
    }

    private init(_ bytes: [UInt8], _ tolerance: Tolerance) {
        self.bytes = bytes
        self.tolerance = tolerance
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// Reads one value in a tolerant mode.
    private mutating func readTolerantly() -> JSONValue {
        var result = JSONValue.null
        do {
            result = try value()
            skipSpace()
            if !isStopped, position < bytes.count { record(error("no more text after the value")) }
        } catch { record(error) }
        return result
    }

    // MARK: Errors

    private mutating func record(_ error: JSONError) {
        if errors.last?.line != error.line { errors.append(error) }
        errorCount += 1
        if tolerance == .keepPrefix || errorCount >= Self.errorLimit { isStopped = true }
    }

    /// Records an error in a mode that keeps what was read so far, otherwise throws it.
    mutating func record(_ error: JSONError, ifKept isKept: Bool) throws(JSONError) {
        guard isKept else { throw error }
        record(error)
    }

    /// Skips an entry that cannot be read, up to where the next may begin.
    private mutating func skipEntry(_ error: JSONError, before end: Unicode.Scalar) throws(JSONError) {
        try record(error, ifKept: tolerance != .strict)
        guard tolerance == .skipErrors else { return }
        while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: end), byte != 0x0a { position += 1 }
    }

    /// Whether another entry follows; if not, consumes the closing bracket.
    private mutating func hasNextEntry(before end: Unicode.Scalar) throws(JSONError) -> Bool {
        if isStopped { return false }
        let afterEntry = position
        if skip(",") {
            guard tolerance == .skipErrors, skip(end) else { return true }
            record(JSONError(at: afterEntry, in: bytes, expected: "no ',' before '\(end)'"))
            return false
        }
        if skip(end) { return false }
        try record(JSONError(at: afterEntry, in: bytes, expected: "',' or '\(end)'"), ifKept: tolerance != .strict)
        return !isStopped && position < bytes.count
    }

    // MARK: Values

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try nested { reader throws(JSONError) in try reader.fields() })
        case UInt8(ascii: "["): return .array(try nested { reader throws(JSONError) in try reader.items() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "I") where hasInfinities: return try literal("Infinity", .number("Infinity"))
        case UInt8(ascii: "N") where hasInfinities: return try literal("NaN", .number("NaN"))
        case UInt8(ascii: "-") where hasInfinities && bytes[position...].starts(with: Array("-I".utf8)):
            return try literal("-Infinity", .number("-Infinity"))
        default: return .number(try number())
        }
    }

    private mutating func nested<Result>(
        _ read: (inout JSONReader) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        guard depth < Self.depthLimit else { throw error("at most \(Self.depthLimit) levels of nesting") }
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
                guard skip(":") else { throw error("':' after a field name") }
                fields.set(name, to: try value(), line: line)
            } catch { try skipEntry(error, before: "}") }
        } while try hasNextEntry(before: "}")
        return fields
    }

    private mutating func items() throws(JSONError) -> [JSONValue] {
        var items: [JSONValue] = []
        guard !skip("]") else { return items }
        repeat {
            do throws(JSONError) { items.append(try value()) } catch { try skipEntry(error, before: "]") }
        } while try hasNextEntry(before: "]")
        return items
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual("\(word)".utf8) else { throw error("a value") }
        position = end
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let integerDigits = digits()
        guard integerDigits > 0, integerDigits == 1 || bytes[position - integerDigits] != UInt8(ascii: "0") else {
            throw error("a value")
        }
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
