/// Why a model could not be quantized.
public enum QuantizationError: Error, Equatable, CustomStringConvertible {
    /// A tensor is of a type without kernels.
    case unreadableType(tensor: String, type: String)
    /// A tensor has a value that is NaN, infinite, or too large for the type.
    case valueOutOfRange(tensor: String, type: String)
    /// The importance matrix has other numbers of columns or experts than the tensor.
    case importanceOfAnotherModel(path: String, tensor: String)
    case notAnImportanceMatrix(path: String, reason: String)
    case noTensors(path: String)
    case sameFile(path: String)
    case exists(path: String)
    /// The output is a folder, a pipe, a device or something else that a model cannot be written to.
    case notAFile(path: String, isFolder: Bool)
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)

    public var description: String {
        switch self {
        case .unreadableType(let tensor, let type):
            "Tensor \"\(tensor)\" has the unsupported type \(type). Supported types: \(FormatNames.supported)"
        case .valueOutOfRange(let tensor, let type):
            "Tensor \"\(tensor)\" has a value that \(type) cannot represent: NaN, infinite, or above 65504"
        case .importanceOfAnotherModel(let path, let tensor):
            "\(path) is of another model: its tensor \"\(tensor)\" has a different shape. Make one with sotto imatrix"
        case .notAnImportanceMatrix(let path, let reason):
            "\(path) is not an importance matrix: \(reason). Make one with sotto imatrix"
        case .noTensors(let path): "\(path) has no tensors to quantize"
        case .sameFile(let path): "\(path) is the input file. Choose another output file"
        case .exists(let path): "\(path) already exists. Use --force to replace it"
        case .notAFile(let path, true): "\(path) is a folder. Name the file to write in it"
        case .notAFile(let path, false): "\(path) is not a regular file. Choose another output file"
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)"
        case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason)"
        case .tooLarge(let path, let limit): "\(path) is too large (the limit is \(limit >> 20) MiB)"
        }
    }
}
