/// What ONNX Runtime computes with.
public enum ExecutionProvider: String, Sendable, CaseIterable {
    case cpu, cuda, tensorrt, openvino, coreml

    /// As people write it.
    public var title: String {
        switch self {
        case .cpu: "CPU"
        case .cuda: "CUDA"
        case .tensorrt: "TensorRT"
        case .openvino: "OpenVINO"
        case .coreml: "CoreML"
        }
    }

    /// The name in the library's list of those that it has.
    var listedName: String {
        switch self {
        case .tensorrt: "TensorrtExecutionProvider"
        default: "\(title)ExecutionProvider"
        }
    }
}
