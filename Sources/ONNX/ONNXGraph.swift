/// What a model's graph takes, returns, computes and contains, without its weights.
public struct ONNXGraph: Sendable {
    /// Without those that only name an initializer.
    public internal(set) var inputs: [ONNXValue] = []
    public internal(set) var outputs: [ONNXValue] = []
    /// Of this graph and of all graphs inside it.
    public internal(set) var nodes: [ONNXNode] = []
    /// The constants of this graph and of all graphs inside it, with and without names.
    public internal(set) var tensors: [ONNXTensor] = []

    public func input(_ name: String) -> ONNXValue? { inputs.first { $0.name == name } }
    public func output(_ name: String) -> ONNXValue? { outputs.first { $0.name == name } }
}

/// A tensor that a graph takes or returns.
public struct ONNXValue: Sendable, Equatable {
    public let name: String
    /// Nil if the graph does not say, or if it is not a tensor.
    public let type: ONNXElementType?
    /// Nil if the graph does not say.
    public let shape: [Dimension]?

    public enum Dimension: Sendable, Equatable {
        case fixed(Int)
        /// A size that is only known when the model runs, and its name; empty if it has none.
        case symbol(String)
    }
}

/// A step of the computation.
public struct ONNXNode: Sendable {
    public let name: String
    public let operation: String
    public let inputs: [String]
    public let outputs: [String]
    /// The attributes that are integers.
    public let integers: [String: Int]
}

/// A constant of a graph.
public struct ONNXTensor: Sendable, Equatable {
    public let name: String
    public let type: ONNXElementType
    public let dimensions: [Int]
    public let elementCount: Int
    /// Where its elements are.
    public let place: Place
    /// Of its description, in bytes from the start of the file.
    public let offset: Int

    public static let mostDimensions = 16

    public enum Place: Sendable, Equatable {
        case inside
        case external(ONNXExternalData)
    }

    /// Bytes of the elements.
    public var byteCount: Int { (elementCount * type.bits + 7) / 8 }
}

/// A part of another file.
public struct ONNXExternalData: Sendable, Equatable {
    /// Relative to the folder of the ONNX file, as it is written there.
    public let location: String
    public let offset: Int
    /// Nil for as many bytes as the tensor needs.
    public let length: Int?
}
