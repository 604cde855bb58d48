import ONNX
import ONNXRuntime

/// Integers that a graph takes, in the size that it takes them.
struct ONNXIntegers {
    let port: ONNXInterface.Port
    private let memory: TensorMemory

    init(_ port: ONNXInterface.Port, capacity: Int) throws(ONNXRuntimeError) {
        self.port = port
        memory = try TensorMemory(byteCount: capacity * 8)
    }

    /// Binds the values as a tensor.
    func bind(_ session: InferenceSession, _ values: some Sequence<Int>, shape: [Int]) throws(ONNXRuntimeError) {
        set(values)
        try bind(session, shape: shape)
    }

    func set(_ values: some Sequence<Int>) {
        for (index, value) in values.enumerated() {
            if port.type == .int64 {
                memory.base.storeBytes(of: Int64(value), toByteOffset: index * 8, as: Int64.self)
            } else {
                memory.base.storeBytes(of: Int32(clamping: value), toByteOffset: index * 4, as: Int32.self)
            }
        }
    }

    /// Binds the values that were set before.
    func bind(_ session: InferenceSession, shape: [Int]) throws(ONNXRuntimeError) {
        try session.bind(
            .input, port.name, type: port.type.rawValue, shape: shape, to: memory.base,
            byteCount: shape.reduce(1, *) * port.type.bits / 8)
    }
}
