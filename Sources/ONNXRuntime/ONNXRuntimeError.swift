import Files

/// Why ONNX Runtime cannot be used, or does not run a model.
public enum ONNXRuntimeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No library was found.
    case notFound
    /// The variable names something else than the library, or a folder with it.
    case notThere(variable: String, path: String)
    case cannotOpen(path: String, reason: String)
    /// The library is older than the functions that are needed, with its version.
    case tooOld(path: String, version: String)
    /// A provider that this library was built without, and those that it has.
    case noProvider(ExecutionProvider, available: [ExecutionProvider])
    case outOfMemory(bytes: Int)
    /// ONNX Runtime's own message about a call that failed.
    case failed(String)

    public var description: String {
        switch self {
        case .notFound: Self.advice
        case .notThere(let variable, let path):
            "\(variable) is \(path), but must be ONNX Runtime's library, or a folder with it".withoutControls
        case .cannotOpen(let path, let reason): "ONNX Runtime cannot be opened (\(path)): \(reason)".withoutControls
        case .tooOld(let path, let version):
            "ONNX Runtime \(version) is too old (\(path)); version \(RuntimeLibrary.oldest) or newer is needed. "
                .withoutControls + "Get it with: pip install --upgrade onnxruntime"
        case .noProvider(let provider, let available):
            "This ONNX Runtime was built without \(provider.title). onnx_provider can be "
                + available.map(\.rawValue).joined(separator: ", ")
        case .outOfMemory(let bytes): "There is not enough memory for \(bytes >> 20) MiB"
        case .failed(let message): "ONNX Runtime: \(message)"
        }
    }

    /// How to get the library.
    public static let advice =
        "This model needs ONNX Runtime. Get it with: pip install onnxruntime (or name its library in "
        + "\(LibrarySearch.variable))"

    /// The library's message in one line of limited length.
    static func failed(message: String) -> ONNXRuntimeError {
        let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ").withoutControls
        return .failed(words.count <= 300 ? words : "\(words.prefix(300))…")
    }
}
