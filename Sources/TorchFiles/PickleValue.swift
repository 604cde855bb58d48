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
    case storage(ElementKind)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", _):
            guard let kind = ElementKind(storage: name) else { return nil }
            self = .storage(kind)
        default: return nil
        }
    }
}

/// The number formats of tensors.
public enum ElementKind: String, Sendable, CaseIterable {
    case f64 = "F64", f32 = "F32", f16 = "F16", bf16 = "BF16"
    case i64 = "I64", i32 = "I32", i16 = "I16", i8 = "I8", u8 = "U8", bool = "BOOL"

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

    public var bytes: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16, .i16: 2
        case .i8, .u8, .bool: 1
        }
    }
}

/// Numbers in an entry of the archive.
struct TorchStorage: Equatable {
    let kind: ElementKind
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
