import Files

/// Why a GGUF file, or one of its values, could not be used: the problem, the field, and its position in the file.
public struct GGUFError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong. Descriptions complete a message that begins with the field's name and a colon.
    public enum Problem: Equatable, Sendable {
        /// An error of the operating system, with its message.
        case system(String)
        case notRegularFile
        case notGGUF
        case bigEndian
        case unsupportedVersion(UInt32)
        /// The file ends before the field does.
        case truncated(missing: UInt64)
        /// A count is larger than the rest of the file or the limits allow.
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
        /// A part of a split model is not where the others are.
        case missingPart(String)
        case wrongType(expected: String, found: String)
        case outOfRange(found: String, allowed: String)
    }

    public let problem: Problem
    /// The field in words, for example `metadata value "llama.block_count"`.
    public let field: String
    /// The field's position, in bytes from the start of the file; nil if the file could not be read at all.
    public let offset: Int?
    /// The path of the file, as given by the caller; empty until the error leaves `GGUFFile`.
    public var path = ""

    public init(_ problem: Problem, field: String, offset: Int?) {
        self.problem = problem
        self.field = field
        self.offset = offset
    }

    private var location: String { offset.map { "\(field) at byte \($0)" } ?? field }

    public var description: String {
        let message = location.isEmpty ? problem.description : "\(location): \(problem)"
        return (path.isEmpty ? message : "\(path): \(message)").withoutControls
    }

    /// The problem first, then the field, without the path: for lists with little room.
    public var reason: String {
        (location.isEmpty ? problem.description : "\(problem) (\(location))").withoutControls
    }
}

extension GGUFError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let message): message
        case .notRegularFile: "not a regular file"
        case .notGGUF: "not a GGUF file (it does not start with \"GGUF\")"
        case .bigEndian: "big-endian GGUF files are not supported"
        case .unsupportedVersion(let version):
            "GGUF version \(version) is not supported; supported versions: 2 and 3"
        case .truncated(let missing): "the file is truncated: \(missing) bytes are missing"
        case .countTooLarge(let count, let most): "the count is \(count), but must be at most \(most)"
        case .tooLong(let length, let most): "the length is \(length) bytes, but must be at most \(most)"
        case .invalidUTF8: "not valid UTF-8"
        case .invalidBool(let byte): "the value is \(byte), but must be 0 or 1"
        case .unknownValueType(let id): "unknown metadata type \(id); known types: 0 to 12"
        case .nestedTooDeep(let most): "arrays must not be nested more than \(most) levels deep"
        case .duplicate: "the name occurs twice"
        case .badAlignment(let value): "the alignment is \(value), but must be a power of two from 8 to 65536"
        case .emptyDimension(let index): "dimension \(index) is 0, but must be at least 1"
        case .tooManyElements: "the product of the dimensions is too large"
        case .unknownTensorType(let id): "unknown tensor type \(id); known types: 0 to \(TensorType.newestID)"
        case .withdrawnTensorType(let name):
            "tensor type \(name) is no longer part of GGUF. Convert the model again"
        case .partialBlock(let columns, let block, let type):
            "\(columns) columns are not a multiple of the \(type) block size \(block)"
        case .misaligned(let offset, let alignment):
            "data offset \(offset) is not a multiple of the alignment \(alignment)"
        case .outsideFile(let end, let fileBytes):
            "the tensor's data ends at byte \(end), but the file has only \(fileBytes) bytes"
        case .overlaps(let other): "the tensor's data overlaps that of \"\(other)\""
        case .missing: "missing from the file's metadata"
        case .missingPart(let name): "its part \(name) is missing"
        case .wrongType(let expected, let found): "must be \(expected), but is of type \(found)"
        case .outOfRange(let found, let allowed): "the value is \(found), but must be \(allowed)"
        }
    }
}
