import Files
import GGUF
import ONNXRuntime

/// Why a file cannot be used as a model.
public enum ModelError: Error, CustomStringConvertible {
    case file(GGUFError)
    /// A folder of Hugging Face's libraries.
    case checkpoint(CheckpointError)
    case export(ONNXExportError)
    /// ONNX Runtime is not there.
    case runtime(ONNXRuntimeError)
    case missingMetadata(String)
    case invalidMetadata(key: String, found: String, expected: String)
    case unsupportedArchitecture(String)
    case unsupportedFormat(tensor: String, format: String)
    /// All formats of a file without kernels, one of their tensors, and how many there are.
    case unsupportedFormats([String], example: String, tensors: Int)
    /// The file is something else than a model that writes text.
    case otherPurpose(OtherPurpose)
    case missingTensor(String)
    /// A layer, from 0, has no tensors at all.
    /// Shapes in the file's order, with the contiguous dimension first.
    case wrongShape(tensor: String, found: [Int], expected: [Int])
    /// The chat template that the user gave cannot be used.
    case template(String)
    /// A LoRA adapter cannot be used with the model, with the reason as a sentence.
    case adapter(String, String)

    public var description: String { text.withoutControls }

    private var text: String {
        switch self {
        case .file(let error): error.description
        case .checkpoint(let error): error.description
        case .export(let error): error.description
        case .runtime(let error): error.description
        case .missingMetadata(let key): "The file's metadata has no \(key)"
        case .invalidMetadata(let key, let found, let expected): "\(key) is \(short(found)), but must be \(expected)"
        case .unsupportedArchitecture(let name):
            "Architecture \"\(short(name))\" is not supported\(alternatives(to: name))"
        case .unsupportedFormat(let tensor, let format):
            "\(tensor) has the unsupported format \(format). Supported formats: \(FormatNames.supported)"
        case .unsupportedFormats(let formats, let example, let count):
            "\(formats.count == 1 ? "Format" : "Formats") \(formats.joined(separator: ", ")) "
                + "\(formats.count == 1 ? "is" : "are") not supported (\(tensors(count)) \(short(example))). "
                + "Supported formats: \(FormatNames.supported)"
        case .otherPurpose(let purpose): "\(purpose)"
        case .missingTensor(let name): "The file has no tensor \(name)"
        case .wrongShape(let tensor, let found, let expected):
            "\(tensor) has the shape \(shape(found)), but must be \(shape(expected))"
        case .template(let reason): "The chat template cannot be used: \(reason)"
        case .adapter(let path, let reason): "The adapter \(path) cannot be used with this model. \(reason)"
        }
    }

    /// The description without the file's path, which lists show separately.
    package var reason: String {
        switch self {
        case .file(let error): error.reason
        case .checkpoint(let error): error.reason
        case .export(let error): error.reason
        default: description
        }
    }

    private func shape(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: " × ") }

    /// "1 tensor," or "84 tensors, such as".
    private func tensors(_ count: Int) -> String { count == 1 ? "1 tensor," : "\(count) tensors, such as" }

    private func alternatives(to name: String) -> String {
        let near = NearestFamilies.of(name, among: Architectures.all.map(\.name))
        return near.isEmpty ? ", nor one like it" : ". The nearest that are: \(near.joined(separator: ", "))"
    }

    /// A name or value from a file, which may be of any length.
    private func short(_ text: String) -> String { text.count <= 64 ? text : "\(text.prefix(64))…" }
}
