import Files

/// Why a safetensors file could not be used: the problem, the field, and its position in the file.
public struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong. Descriptions complete a message that begins with the field's name and a colon.
    public enum Problem: Equatable, Sendable, CustomStringConvertible {
        /// Not a regular file, or an error of the operating system, with its message.
        case cannotMap(String)
        /// The file is too short for a header.
        case tooShort(Int)
        case headerSize(UInt64, most: Int)
        /// The header is not JSON.
        case syntax(String)
        case wrongType(expected: String)
        case missing
        case unknownType(String)
        case badDimension
        case tooManyElements
        case wrongByteCount(Int, expected: Int)
        case outsideFile(end: Int, dataBytes: Int)
        case overlaps(String)
        case tooManyTensors(most: Int)

        public var description: String {
            switch self {
            case .cannotMap(let reason): reason
            case .tooShort(let bytes): "not a safetensors file: it has only \(bytes) bytes"
            case .headerSize(let size, let most):
                "not a safetensors file: the size of its header is \(size), but must be from 2 to \(most) bytes, "
                    + "inside the file"
            case .syntax(let message): "the header is not JSON: \(message)"
            case .wrongType(let expected): "must be \(expected)"
            case .missing: "missing"
            case .unknownType(let name): "unknown element type \"\(name)\""
            case .badDimension: "dimensions must be integers from 0 on, at most 8 of them"
            case .tooManyElements: "the product of the dimensions is too large"
            case .wrongByteCount(let found, let expected):
                "has \(found) bytes, but its shape and element type need \(expected)"
            case .outsideFile(let end, let bytes):
                "ends at byte \(end) of the data, but the file has only \(bytes) bytes of data"
            case .overlaps(let other): "its data overlaps that of \"\(other)\""
            case .tooManyTensors(let most): "more than \(most) tensors"
            }
        }
    }

    public let problem: Problem
    /// The field in words, for example `tensor "model.norm.weight", shape`; empty for the file as a whole.
    public let field: String
    /// The field's position, in bytes from the start of the file; nil if it has none.
    public let offset: Int?
    public let path: String

    init(_ problem: Problem, field: String = "", offset: Int? = nil, path: String) {
        (self.problem, self.field, self.offset, self.path) = (problem, field, offset, path)
    }

    public var description: String { "\(path): \(reason)".withoutControls }

    /// Without the path.
    public var reason: String {
        let location = offset.map { "\(field) at byte \($0)" } ?? field
        return (location.isEmpty ? "\(problem)" : "\(location): \(problem)").withoutControls
    }
}
