import GGUF

/// Why a file could not be used as a model.
public enum ModelError: Error, CustomStringConvertible {
    case file(GGUFError)
    case missingMetadata(String)
    case invalidMetadata(key: String, found: String, expected: String)
    case unsupportedArchitecture(String)
    case unsupportedFormat(tensor: String, format: String)
    case missingTensor(String)
    /// Shapes as the file gives them: the contiguous dimension first.
    case wrongShape(tensor: String, found: [Int], expected: [Int])

    public var description: String {
        switch self {
        case .file(let error): error.description
        case .missingMetadata(let key): "the file does not say \(key)"
        case .invalidMetadata(let key, let found, let expected): "\(key) is \(found), but should be \(expected)"
        case .unsupportedArchitecture(let name):
            "models of the architecture “\(printable(name))” are not supported; "
                + "these are: \(Architectures.supportedNames)"
        case .unsupportedFormat(let tensor, let format):
            "\(tensor) is stored as \(format), which is not supported; these formats are: \(FormatNames.supported)"
        case .missingTensor(let name): "the file has no tensor \(name)"
        case .wrongShape(let tensor, let found, let expected):
            "\(tensor) has the shape \(shape(found)), but the model's numbers ask for \(shape(expected))"
        }
    }

    private func shape(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: " × ") }

    /// A name from a file, short and without control characters.
    private func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(64).map { $0.properties.generalCategory == .control ? "?" : Character($0) })
    }
}
