/// Why a GGUF file, or one of its values, could not be used: what is wrong, in which field, and where in the file.
public struct GGUFError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The closed set of things that can be wrong. Each case reads as the end of a sentence about a field.
    public enum Problem: Equatable, Sendable {
        /// The operating system refused; the text is its own message.
        case system(String)
        case notRegularFile
        case notGGUF
        case bigEndian
        case unsupportedVersion(UInt32)
        /// The file ends before the field does.
        case truncated(missing: UInt64)
        /// A count says more than the rest of the file could hold, or more than the limits allow.
        case countTooLarge(UInt64, most: UInt64)
        case tooLong(UInt64, most: UInt64)
        case invalidUTF8
        case invalidBool(UInt8)
        case unknownValueType(UInt32)
        case nestedTooDeep(most: Int)
        case duplicate
        case badAlignment(UInt64)
        case emptyDimension(Int)
        case tooManyElements
        case unknownTensorType(UInt32)
        case withdrawnTensorType(String)
        case partialBlock(columns: UInt64, block: Int, type: String)
        case misaligned(offset: UInt64, alignment: Int)
        case outsideFile(end: UInt64, fileBytes: Int)
        case overlaps(String)
        case missing
        case wrongType(expected: String, found: String)
        case outOfRange(found: String, allowed: String)
    }

    public let problem: Problem
    /// The field in words, for example `metadata value "llama.block_count"`.
    public let field: String
    /// Where the field starts, in bytes from the start of the file; nil when the file could not be read at all.
    public let offset: Int?
    /// The file, as the caller named it; empty until the error leaves `GGUFFile`.
    public var path = ""

    public init(_ problem: Problem, field: String, offset: Int?) {
        self.problem = problem
        self.field = field
        self.offset = offset
    }

    private var place: String { offset.map { "\(field) at byte \($0)" } ?? field }

    public var description: String {
        let sentence = place.isEmpty ? problem.description : "\(place): \(problem)"
        return path.isEmpty ? sentence : "\(path): \(sentence)"
    }

    /// What is wrong, and behind it the place, without the file: for where there is little room.
    public var reason: String { place.isEmpty ? problem.description : "\(problem) (\(place))" }
}

extension GGUFError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let message): message
        case .notRegularFile: "not a regular file"
        case .notGGUF: "not a GGUF file (it does not start with \"GGUF\")"
        case .bigEndian: "a big-endian GGUF file; only little-endian files can be read"
        case .unsupportedVersion(let version): "GGUF version \(version) is not supported; versions 2 and 3 are"
        case .truncated(let missing): "the file ends \(missing) bytes too early"
        case .countTooLarge(let count, let most): "a count of \(count) where at most \(most) are possible"
        case .tooLong(let length, let most): "a length of \(length) bytes where at most \(most) are allowed"
        case .invalidUTF8: "not valid UTF-8"
        case .invalidBool(let byte): "a truth value of \(byte) where only 0 and 1 are allowed"
        case .unknownValueType(let id): "unknown metadata type \(id); types 0 to 12 exist"
        case .nestedTooDeep(let most): "arrays nested deeper than \(most) levels"
        case .duplicate: "the name occurs twice"
        case .badAlignment(let value): "an alignment of \(value) where a power of two from 8 to 65536 is needed"
        case .emptyDimension(let index): "dimension \(index) is 0 where at least 1 is needed"
        case .tooManyElements: "the dimensions multiply to more than a file can hold"
        case .unknownTensorType(let id): "unknown tensor type \(id); the newest known is \(TensorType.newestID)"
        case .withdrawnTensorType(let name): "tensor type \(name) was withdrawn from GGUF; convert the model anew"
        case .partialBlock(let columns, let block, let type):
            "\(columns) columns are no whole number of \(type) blocks of \(block)"
        case .misaligned(let offset, let alignment):
            "data offset \(offset) is no multiple of the alignment \(alignment)"
        case .outsideFile(let end, let fileBytes): "its data ends at byte \(end), but the file has \(fileBytes) bytes"
        case .overlaps(let other): "its data overlaps that of \"\(other)\""
        case .missing: "missing from the file's metadata"
        case .wrongType(let expected, let found): "\(expected) expected, but the file has \(found)"
        case .outOfRange(let found, let allowed): "\(found) is outside \(allowed)"
        }
    }
}
