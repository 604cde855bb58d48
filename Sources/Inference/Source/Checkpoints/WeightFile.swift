import GGUF
import Safetensors
import TorchFiles

/// A mapped file with tensors of a checkpoint.
protocol WeightFile: Sendable {
    var path: String { get }
    var byteCount: Int { get }
    /// In the order of the file.
    var views: [TensorView] { get }
    /// The share that is in memory, 0…1.
    var residentShare: Double { get }
    func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void)
    func releaseMemory(of bytes: UnsafeRawBufferPointer)
}

extension SafetensorsFile: WeightFile {
    var views: [TensorView] {
        tensors.map { tensor in
            TensorView(
                name: tensor.name, shape: tensor.shape, type: tensor.type.tensorType,
                elementCount: tensor.elementCount, bytes: bytes(of: tensor))
        }
    }
}

extension TorchFile: WeightFile {
    var views: [TensorView] {
        tensors.map { tensor in
            let type = Safetensors.ElementType(rawValue: tensor.kind.rawValue) ?? .u8
            return TensorView(
                name: tensor.name, shape: tensor.shape, type: type.tensorType, elementCount: tensor.elementCount,
                bytes: bytes(of: tensor))
        }
    }
}

extension TensorView {
    /// - Parameter shape: the contiguous dimension last; empty for a single number.
    fileprivate init(
        name: String, shape: [Int], type: TensorType, elementCount: Int, bytes: UnsafeRawBufferPointer
    ) {
        self.init(
            name: name, dimensions: shape.isEmpty ? [1] : shape.reversed(), type: type, elementCount: elementCount,
            content: .mapped(bytes))
    }
}

extension ElementType {
    /// The type in the engine's table.
    fileprivate var tensorType: TensorType {
        switch self {
        case .f32: .named("F32")
        case .f16: .named("F16")
        case .bf16: .named("BF16")
        case .f64: .named("F64")
        case .i8: .named("I8")
        case .i16: .named("I16")
        case .i32: .named("I32")
        case .i64: .named("I64")
        default: TensorType(foreign: rawValue, bits: bits)
        }
    }
}
