import Files
import GGUF
import Safetensors
import TorchFiles

/// A mapped file with tensors of a checkpoint.
protocol WeightFile: Sendable {
    var file: MappedFile { get }
    /// In the order of the file.
    var views: [TensorView] { get }
}

extension SafetensorsFile: WeightFile {
    var views: [TensorView] {
        tensors.map { TensorView($0.name, $0.shape, $0.type, elementCount: $0.elementCount, bytes: bytes(of: $0)) }
    }
}

extension TorchFile: WeightFile {
    var views: [TensorView] {
        tensors.map { TensorView($0.name, $0.shape, $0.type, elementCount: $0.elementCount, bytes: bytes(of: $0)) }
    }
}

extension TensorView {
    /// - Parameter shape: the contiguous dimension last; empty for a single number.
    fileprivate init(
        _ name: String, _ shape: [Int], _ type: ElementType, elementCount: Int, bytes: UnsafeRawBufferPointer
    ) {
        self.init(
            name: name, dimensions: shape.isEmpty ? [1] : shape.reversed(), type: type.tensorType,
            elementCount: elementCount,
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
