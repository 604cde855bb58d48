/// Why a model could not be quantized.
public enum QuantizationError: Error, Equatable, CustomStringConvertible {
    /// A tensor is stored in a type that has no kernels.
    case unreadableType(tensor: String, type: String)
    /// A tensor holds NaN, an infinity, or a number beyond the type.
    case valueOutOfReach(tensor: String, type: String)
    case noTensors(path: String)
    case sameFile(path: String)
    case exists(path: String)
    case system(path: String, message: String)

    public var description: String {
        switch self {
        case .unreadableType(let tensor, let type):
            "tensor \"\(tensor)\" is \(type), which cannot be read; types that can be: \(FormatNames.supported)"
        case .valueOutOfReach(let tensor, let type):
            "tensor \"\(tensor)\" holds a value that \(type) cannot: not a number, infinite, or beyond 65504"
        case .noTensors(let path): "\(path) holds no tensors; nothing to quantize"
        case .sameFile(let path): "\(path) would be written over itself; name another output file"
        case .exists(let path): "\(path) exists already; --force replaces it"
        case .system(let path, let message): "\(path): \(message)"
        }
    }
}
