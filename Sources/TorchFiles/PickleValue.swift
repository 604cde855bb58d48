import Safetensors

/// What a pickle of tensors consists of. Nothing else is built, and nothing is run.
indirect enum PickleValue: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list(PickleList)
    case tuple([PickleValue])
    case dictionary(PickleDictionary)
    /// One of the names that may occur.
    case global(PickleGlobal)
    case storage(TorchStorage)
    case tensor(TorchTensorParts)
}

/// Lists and dictionaries are changed after others refer to them, so they are objects.
final class PickleList: Equatable {
    var items: [PickleValue] = []

    static func == (left: PickleList, right: PickleList) -> Bool { left === right }
}

final class PickleDictionary: Equatable {
    /// Keys that are texts; others do not name tensors and are dropped.
    var fields: [(key: String, value: PickleValue)] = []

    static func == (left: PickleDictionary, right: PickleDictionary) -> Bool { left === right }
}

/// The functions and classes that a pickle of tensors names. Calling them builds values and does nothing else.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(ElementType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", _):
            guard let type = ElementType(storage: name) else { return nil }
            self = .storage(type)
        default: return nil
        }
    }
}

extension ElementType {
    /// - Parameter storage: the name of a class such as "FloatStorage".
    init?(storage: String) {
        switch storage {
        case "DoubleStorage": self = .f64
        case "FloatStorage": self = .f32
        case "HalfStorage": self = .f16
        case "BFloat16Storage": self = .bf16
        case "LongStorage": self = .i64
        case "IntStorage": self = .i32
        case "ShortStorage": self = .i16
        case "CharStorage": self = .i8
        case "ByteStorage": self = .u8
        case "BoolStorage": self = .bool
        default: return nil
        }
    }
}

/// Numbers in an entry of the archive.
struct TorchStorage: Equatable {
    let type: ElementType
    /// The name of the entry, after "data/".
    let key: String
}

/// A part of a storage.
struct TorchTensorParts: Equatable {
    let storage: TorchStorage
    /// In elements.
    let offset: Int
    let shape: [Int]
    let strides: [Int]

    /// Whether elements follow one another in the order of the shape, the last dimension first.
    var isContiguous: Bool {
        var step = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            guard stride == step || size == 0 else { return false }
            step = step &* size
        }
        return true
    }
}
