/// Why a model could not be quantized.
public enum QuantizationError: Error, Equatable, CustomStringConvertible {
    /// A tensor is of a type without kernels.
    case unreadableType(tensor: String, type: String)
    /// A tensor has a value that is NaN, infinite, or too large for the type.
    case valueOutOfRange(tensor: String, type: String)
    case noTensors(path: String)
    case sameFile(path: String)
    case exists(path: String)
    case system(path: String, message: String)

    public var description: String {
        switch self {
        case .unreadableType(let tensor, let type):
            "Tensor \"\(tensor)\" has the unsupported type \(type). Supported types: \(FormatNames.supported)"
        case .valueOutOfRange(let tensor, let type):
            "Tensor \"\(tensor)\" has a value that \(type) cannot represent: NaN, infinite, or above 65504"
        case .noTensors(let path): "\(path) has no tensors to quantize"
        case .sameFile(let path): "\(path) is the input file. Choose another output file"
        case .exists(let path): "\(path) already exists. Use --force to replace it"
        case .system(let path, let message): "\(path): \(message)"
        }
    }
}
