import Files
import ONNX

/// Why an ONNX export cannot be used as a model.
public enum ONNXExportError: Error, Equatable, Sendable, CustomStringConvertible {
    case file(ONNXError)
    /// A folder without a graph that Sotto knows, with the names that it could have.
    case noGraph(folder: String)
    /// A graph's file without a configuration next to it or above it.
    case noConfiguration(graph: String)
    /// What an input is for is not known.
    case unknownInput(String, type: String, path: String)
    case missingInput(String, path: String)
    case missingOutput(String, path: String)
    /// The element type of an input or output.
    case wrongType(String, found: String, expected: String, path: String)
    /// The shape of an input or output.
    case wrongShape(String, found: String, expected: String, path: String)

    public var description: String { "\(path): \(reason)".withoutControls }

    /// Without the path.
    var reason: String {
        let text =
            switch self {
            case .file(let error): error.reason
            case .noGraph: "the folder has no graph (model*.onnx or decoder_model_merged*.onnx)"
            case .noConfiguration: "there is no genai_config.json or config.json with the graph"
            case .unknownInput(let name, let type, _): "the input \(Self.short(name)) (\(type)) is not supported"
            case .missingInput(let name, _): "the graph has no input \(Self.short(name))"
            case .missingOutput(let name, _): "the graph has no output \(Self.short(name))"
            case .wrongType(let name, let found, let expected, _):
                "\(Self.short(name)) has elements of type \(found), but must have \(expected)"
            case .wrongShape(let name, let found, let expected, _):
                "\(Self.short(name)) has the shape \(Self.short(found)), but must be \(expected)"
            }
        return text.withoutControls
    }

    private var path: String {
        switch self {
        case .file(let error): error.path
        case .noGraph(let path), .noConfiguration(let path), .unknownInput(_, _, let path), .missingInput(_, let path),
            .missingOutput(_, let path), .wrongType(_, _, _, let path), .wrongShape(_, _, _, let path):
            path
        }
    }

    /// A name from a file, which may be of any length.
    private static func short(_ text: String) -> String { text.count <= 120 ? text : "\(text.prefix(120))…" }
}
