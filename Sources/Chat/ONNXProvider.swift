/// What ONNX Runtime computes with.
public enum ONNXProvider: String, Sendable, CaseIterable {
    case cpu, cuda, tensorrt, openvino, coreml
}
