import Foundation
import ONNX

/// What the inputs and outputs of a decoder's graph are for, found by their names, element types and shapes.
struct ONNXInterface: Sendable {
    /// Ids of the tokens. [1][n]
    let tokens: Port
    /// Ones for all tokens so far and those of the pass. [1][length]
    private(set) var mask: Port?
    /// [1][n], or [parts][1][n] for models whose positions have several parts.
    private(set) var positions: Port?
    private(set) var positionParts = 1
    private(set) var hasPositionParts = false
    /// Whether there is a cache, in decoders that have a branch without one.
    private(set) var usesCache: Port?
    /// How many tokens at the end of a pass get logits.
    private(set) var logitCount: Port?
    private(set) var logitCountIsList = false

    /// [1][n][vocabulary]
    let logits: Port
    let vocabularyCount: Int
    /// Whether the graph computes the logits of a pass's last token only, and cannot be asked for others.
    private(set) var hasLastLogitsOnly = false

    private(set) var caches: [Cache] = []
    private(set) var states: [State] = []
    /// Whether all caches are those of an attention that may write its output over its input.
    private(set) var sharesCaches = false

    /// An input or output.
    struct Port: Sendable {
        let name: String
        let type: ONNXElementType
    }

    /// Something that grows with every token: keys or values of a layer.
    struct Cache: Sendable {
        let past: String
        let present: String
        let type: ONNXElementType
        /// With 0 for the number of tokens.
        let shape: [Int]
        /// The dimension that is the number of tokens.
        let axis: Int

        /// Rows of the dimensions before the number of tokens.
        var rows: Int { shape[..<axis].reduce(1, *) }
        /// Bytes of a token in a row.
        var tokenBytes: Int { shape[(axis + 1)...].reduce(1, *) * type.bits / 8 }
        /// Bytes of a token in all rows.
        var bytesPerToken: Int { rows * tokenBytes }

        /// With so many tokens.
        func shape(_ tokens: Int) -> [Int] {
            var shape = shape
            shape[axis] = tokens
            return shape
        }
    }

    /// Something that each pass replaces: the state of a recurrent layer.
    struct State: Sendable {
        let past: String
        let present: String
        let type: ONNXElementType
        let shape: [Int]

        var byteCount: Int { shape.reduce(1, *) * type.bits / 8 }
    }

    init(_ graph: ONNXGraph, _ config: ONNXConfig, path: String) throws(ONNXExportError) {
        let reader = PortReader(graph: graph, path: path)
        tokens = try reader.integers(try reader.input("input_ids"))
        let output = try reader.output("logits")
        logits = Port(name: output.name, type: try reader.type(output, [.float32, .float16, .bfloat16]))
        let shape = output.shape ?? []
        guard shape.count == 3 else { throw reader.wrongShape(output, "1 × tokens × vocabulary") }
        var vocabulary = config.vocabularyCount
        if case .fixed(let count) = shape[2] { vocabulary = count }
        guard let vocabulary, (1...1 << 24).contains(vocabulary) else {
            throw reader.wrongShape(output, "1 × tokens × vocabulary")
        }
        vocabularyCount = vocabulary

        let pairs = StatePairs(graph, config)
        for value in graph.inputs where value.name != tokens.name {
            switch value.name {
            case "attention_mask": mask = try reader.integers(value)
            case "position_ids":
                positions = try reader.integers(value)
                if let shape = value.shape, shape.count == 3, case .fixed(let parts) = shape[0] {
                    guard (1...8).contains(parts) else { throw reader.wrongShape(value, "1 × tokens") }
                    (positionParts, hasPositionParts) = (parts, true)
                }
            case "use_cache_branch":
                usesCache = Port(name: value.name, type: try reader.type(value, [.bool]))
            case "num_logits_to_keep", "logits_to_keep":
                logitCount = try reader.integers(value)
                logitCountIsList = value.shape?.count == 1
            default:
                guard let present = pairs.present(of: value.name), let result = graph.output(present) else {
                    throw .unknownInput(value.name, type: value.type?.name ?? "of no known type", path: path)
                }
                try add(value, result, config, reader)
            }
        }
        hasLastLogitsOnly = shape[1] == .fixed(1) && logitCount == nil
        guard !caches.isEmpty || !states.isEmpty else {
            throw .missingInput("past_key_values.0.key", path: path)
        }
        sharesCaches = config.sharesCache != false && Self.canShare(caches, graph)
    }

    /// Adds an input that continues an output.
    private mutating func add(
        _ past: ONNXValue, _ present: ONNXValue, _ config: ONNXConfig, _ reader: PortReader
    ) throws(ONNXExportError) {
        let numbers = ONNXElementType.allCases.filter { $0.bits >= 8 && $0 != .string }
        let type = try reader.type(past, numbers)
        guard let dimensions = past.shape, (1...8).contains(dimensions.count) else {
            throw reader.wrongShape(past, "a shape of 1 to 8 dimensions")
        }
        let axis = Self.growingAxis(dimensions)
        var shape: [Int] = []
        for (index, dimension) in dimensions.enumerated() {
            switch dimension {
            case .fixed(let size): shape.append(size)
            case .symbol where index == axis: shape.append(0)
            case .symbol(let name):
                guard let size = Self.size(name, index, of: dimensions.count, config) else {
                    throw reader.wrongShape(past, "known but for the batch and the number of tokens")
                }
                shape.append(size)
            }
        }
        guard shape.enumerated().allSatisfy({ $0.offset == axis || (1...1 << 20).contains($0.element) }),
            shape.reduce(1.0, { $0 * Double(max(1, $1)) }) < 0x1p36
        else { throw reader.wrongShape(past, "made of sizes from 1 to \(1 << 20)") }
        if let axis {
            caches.append(Cache(past: past.name, present: present.name, type: type, shape: shape, axis: axis))
        } else {
            states.append(State(past: past.name, present: present.name, type: type, shape: shape))
        }
    }

    /// The dimension that grows with the text: the one that is called like that, or else the only one of unknown size
    /// besides the batch. Nil for a state of fixed size.
    private static func growingAxis(_ dimensions: [ONNXValue.Dimension]) -> Int? {
        let symbols = dimensions.indices.dropFirst().compactMap { index -> (Int, String)? in
            guard case .symbol(let name) = dimensions[index] else { return nil }
            return (index, name.lowercased())
        }
        let words = ["sequence", "seq_len", "past", "total", "kv_len"]
        if let named = symbols.first(where: { symbol in words.contains { symbol.1.contains($0) } }) { return named.0 }
        // Keys and values are [batch][heads][tokens][size].
        guard dimensions.count == 4 else { return nil }
        return symbols.first { $0.0 == 2 && !$0.1.contains("batch") }?.0
    }

    /// The size of a dimension that the graph only names.
    private static func size(_ name: String, _ index: Int, of rank: Int, _ config: ONNXConfig) -> Int? {
        if index == 0 || name.lowercased().contains("batch") { return 1 }
        guard rank == 4 else { return nil }
        return index == 1 ? config.kvHeads : index == 3 ? config.headDim : nil
    }

    /// Whether every cache goes straight into an attention and out of it again that may use one memory for both.
    /// (`GroupQueryAttention` of ONNX Runtime: inputs 3 and 4, outputs 1 and 2)
    private static func canShare(_ caches: [Cache], _ graph: ONNXGraph) -> Bool {
        var shared: [String: String] = [:]
        for node in graph.nodes where node.operation == "GroupQueryAttention" {
            guard node.inputs.count > 4, node.outputs.count > 2 else { continue }
            shared[node.inputs[3]] = node.outputs[1]
            shared[node.inputs[4]] = node.outputs[2]
        }
        return !caches.isEmpty && caches.allSatisfy { $0.axis == 2 && shared[$0.past] == $0.present }
    }
}

/// Which outputs continue as which inputs.
private struct StatePairs {
    private var presents: [String: String] = [:]
    private let outputs: Set<String>

    init(_ graph: ONNXGraph, _ config: ONNXConfig) {
        outputs = Set(graph.outputs.map(\.name))
        for pattern in config.states {
            for layer in 0..<(config.layers ?? 0) {
                let number = "\(layer)"
                presents[pattern.past.replacing("%d", with: number)] = pattern.present.replacing("%d", with: number)
            }
        }
    }

    /// The output that becomes an input of the next pass; nil for other inputs.
    func present(of past: String) -> String? {
        if let named = presents[past] { return named }
        guard past.hasPrefix("past") else { return nil }
        let rest = past.dropFirst("past".count)
        let short = rest.hasPrefix("_key_values") ? rest.dropFirst("_key_values".count) : rest
        return ["present\(short)", "present\(rest)"].first(where: outputs.contains)
    }
}

/// Finds inputs and outputs and checks what they are.
private struct PortReader {
    let graph: ONNXGraph
    let path: String

    func input(_ name: String) throws(ONNXExportError) -> ONNXValue {
        guard let value = graph.input(name) else { throw .missingInput(name, path: path) }
        return value
    }

    func output(_ name: String) throws(ONNXExportError) -> ONNXValue {
        guard let value = graph.output(name) else { throw .missingOutput(name, path: path) }
        return value
    }

    func integers(_ value: ONNXValue) throws(ONNXExportError) -> ONNXInterface.Port {
        ONNXInterface.Port(name: value.name, type: try type(value, [.int64, .int32]))
    }

    func type(_ value: ONNXValue, _ allowed: [ONNXElementType]) throws(ONNXExportError) -> ONNXElementType {
        guard let type = value.type, allowed.contains(type) else {
            throw .wrongType(
                value.name, found: value.type?.name ?? "unknown",
                expected: allowed.prefix(3).map(\.name).joined(separator: " or "), path: path)
        }
        return type
    }

    func wrongShape(_ value: ONNXValue, _ expected: String) -> ONNXExportError {
        let found = value.shape?.map { dimension in
            switch dimension {
            case .fixed(let size): "\(size)"
            case .symbol(let name): name.isEmpty ? "?" : name
            }
        }
        return .wrongShape(
            value.name, found: found?.joined(separator: " × ") ?? "unknown", expected: expected, path: path)
    }
}
