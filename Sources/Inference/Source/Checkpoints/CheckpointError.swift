import Files
import Safetensors
import TorchFiles

/// Why a folder of Hugging Face's libraries cannot be used as a model.
public enum CheckpointError: Error, Sendable, FileError, CustomStringConvertible {
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    /// A file is not JSON.
    case syntax(path: String, reason: String)
    /// A field of a JSON file.
    case value(path: String, field: String, expected: String)
    case noConfiguration(folder: String)
    case noWeights(folder: String)
    /// A file that the index names is not there.
    case missingPart(String, index: String)
    /// A name in the index that is not that of a file in the folder.
    case outsideFolder(String, index: String)
    case duplicateTensor(String, path: String)
    /// A tensor with packed weights that are not in a form that is known.
    case packing(String, reason: String)
    case safetensors(SafetensorsError)
    case torch(TorchFileError)

    public var description: String {
        switch self {
        case .safetensors(let error): return error.description
        case .torch(let error): return error.description
        default: break
        }
        return (path.map { "\($0): \(reason)" } ?? reason).withoutControls
    }

    /// Without the path.
    var reason: String {
        let text =
            switch self {
            case .cannotRead(_, let reason): "cannot be read: \(reason)"
            case .cannotWrite(_, let reason): "cannot be written: \(reason)"
            case .tooLarge(_, let limit): "larger than \(limit >> 20) MiB"
            case .syntax(_, let reason): reason
            case .value(_, let field, let expected): "\(Self.short(field)) must be \(expected)"
            case .noConfiguration: "the folder has no config.json"
            case .noWeights: "the folder has no weights (*.safetensors or *.bin)"
            case .missingPart(let name, let index): "\(index) names \(Self.short(name)), which is not there"
            case .outsideFolder(let name, let index):
                "\(index) names \(Self.short(name)), but must name files in the same folder"
            case .duplicateTensor(let name, _): "tensor \"\(Self.short(name))\" is also in another file"
            case .packing(let name, let reason): "tensor \"\(Self.short(name))\": \(reason)"
            case .safetensors(let error): error.reason
            case .torch(let error): error.reason
            }
        return text.withoutControls
    }

    private var path: String? {
        switch self {
        case .cannotRead(let path, _), .cannotWrite(let path, _), .tooLarge(let path, _), .syntax(let path, _),
            .value(let path, _, _), .noConfiguration(let path), .noWeights(let path), .duplicateTensor(_, let path):
            path
        case .missingPart, .outsideFolder, .packing, .safetensors, .torch: nil
        }
    }

    /// A name from a file, which may be of any length.
    private static func short(_ text: String) -> String { text.count <= 120 ? text : "\(text.prefix(120))…" }
}
