import Files

/// Why an ONNX file could not be used: the problem, the field, and its position in the file.
public struct ONNXError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong. Descriptions complete a message that begins with the field's name and a colon.
    public enum Problem: Equatable, Sendable, CustomStringConvertible {
        /// Not a regular file, or an error of the operating system, with its message.
        case cannotMap(String)
        /// The bytes are not in protobuf's format, with the reason.
        case malformed(String)
        case wrongType(expected: String)
        case tooMany(most: Int)
        case tooDeep(most: Int)
        case noGraph
        case badDimension
        case tooManyElements
        case unknownElementType(Int)
        /// The path of external data is not that of a file in the folder.
        case outsideFolder(String)
        /// External data that is not there, with the system's message.
        case missingData(String, reason: String)
        /// External data ends behind the end of its file.
        case shortData(String, end: Int, bytes: Int)
        /// The number of bytes, and how many the shape and element type need.
        case wrongByteCount(Int, expected: Int)

        public var description: String {
            switch self {
            case .cannotMap(let reason): reason
            case .malformed(let reason): "not an ONNX file: \(reason)"
            case .wrongType(let expected): "must be \(expected)"
            case .tooMany(let most): "more than \(most)"
            case .tooDeep(let most): "more than \(most) graphs inside of each other"
            case .noGraph: "not an ONNX file: it has no graph"
            case .badDimension: "dimensions must be integers from 0 on, at most \(ONNXTensor.mostDimensions) of them"
            case .tooManyElements: "the product of the dimensions is too large"
            case .unknownElementType(let type): "unknown element type \(type)"
            case .outsideFolder(let path):
                "its data is in \"\(Self.short(path))\", but must be in a file in the same folder"
            case .missingData(let path, let reason): "its data is in \"\(Self.short(path))\", which \(reason)"
            case .shortData(let path, let end, let bytes):
                "its data ends at byte \(end) of \"\(Self.short(path))\", which has only \(bytes) bytes"
            case .wrongByteCount(let found, let expected):
                "has \(found) bytes, but its shape and element type need \(expected)"
            }
        }

        /// A text from the file, which may be of any length.
        static func short(_ text: String) -> String { text.count <= 120 ? text : "\(text.prefix(120))…" }
    }

    public let problem: Problem
    /// The field in words, for example `tensor "lm_head.weight"`; empty for the file as a whole.
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
