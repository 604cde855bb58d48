/// A model's weights, as far as a graph's constants are weights: what quantization adds to them, and tables of rotations, count
/// only in bytes.
public struct ONNXWeights: Sendable {
    public let tensors: [Tensor]
    /// The format that most bytes of weights are in: "fp32", "fp16", "int4".
    public let format: String

    public struct Tensor: Sendable, Equatable {
        public let name: String
        public let dimensions: [Int]
        /// The number of weights, of which several may be in a byte; 0 for scales, zero points and rotations.
        public let weightCount: Int
        public let byteCount: Int
        public let format: String
        public let use: Use
    }

    public enum Use: Sendable, Equatable {
        case always
        /// One row of many is read for a token.
        case row(of: Int)
        /// Matrices of this many experts.
        case experts(Int)
    }

    /// How many experts a token uses; nil for a model without experts.
    public let expertsUsed: Int?

    public init(_ graph: ONNXGraph) {
        let roles = Roles(graph)
        expertsUsed = roles.expertsUsed
        tensors = graph.tensors.map { tensor in
            let role = roles[tensor.name]
            let bits = role.packedBits ?? tensor.type.bits
            let packed = tensor.type == .uint8 ? role.packedBits : nil
            let isQuantized = packed != nil || !tensor.type.isFloat
            // Other integers are shapes and indices.
            let isWeight = role.isMatrix || tensor.type.isFloat && tensor.elementCount > 1 && !role.isAuxiliary
            return Tensor(
                name: tensor.name, dimensions: tensor.dimensions,
                weightCount: isWeight ? role.count ?? tensor.elementCount * 8 / max(1, packed ?? 8) : 0,
                byteCount: tensor.byteCount, format: isQuantized ? "int\(bits)" : tensor.type.name, use: role.use)
        }
        var bytes: [String: Int] = [:]
        for tensor in tensors where tensor.weightCount > 0 { bytes[tensor.format, default: 0] &+= tensor.byteCount }
        format = bytes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "empty"
    }
}

/// What nodes use constants for.
private struct Roles {
    struct Role {
        var isMatrix = false
        /// A scale, a zero point or a rotation.
        var isAuxiliary = false
        /// Bits of a weight, of which several are in a byte.
        var packedBits: Int?
        /// The number of weights, if the node says it.
        var count: Int?
        var use = ONNXWeights.Use.always
        var users = 0
    }

    private var roles: [String: Role] = [:]
    private(set) var expertsUsed: Int?

    subscript(name: String) -> Role { roles[name] ?? Role() }

    init(_ graph: ONNXGraph) {
        let shapes = Dictionary(graph.tensors.map { ($0.name, $0.dimensions) }) { first, _ in first }
        for node in graph.nodes {
            for (index, name) in node.inputs.enumerated() {
                guard let shape = shapes[name] else { continue }
                var role = roles[name] ?? Role()
                role.users += 1
                note(node, index, shape, in: &role)
                // An embedding that is also the output matrix is read in full.
                if role.users > 1, case .row = role.use { role.use = .always }
                roles[name] = role
            }
        }
    }

    private mutating func note(_ node: ONNXNode, _ index: Int, _ shape: [Int], in role: inout Role) {
        switch (node.operation, index) {
        case ("MatMulNBits", 1):
            role.isMatrix = true
            role.packedBits = bits(node.integers["bits"], usual: 4)
            if let inputs = node.integers["K"], let outputs = node.integers["N"] {
                let product = inputs.multipliedReportingOverflow(by: outputs)
                if !product.overflow, product.partialValue >= 0, product.partialValue < 1 << 48 {
                    role.count = product.partialValue
                }
            }
        case ("GatherBlockQuantized", 0):
            role.isMatrix = true
            role.packedBits = bits(node.integers["bits"], usual: 4)
            if let rows = shape.first, rows > 0 { role.use = .row(of: rows) }
        case ("Gather", 0):
            if shape.count == 2, let rows = shape.first, rows > 0, role.users == 1 { role.use = .row(of: rows) }
        case ("QMoE", 2), ("QMoE", 5), ("QMoE", 8), ("MoE", 2...):
            role.isMatrix = true
            if node.operation == "QMoE" { role.packedBits = bits(node.integers["expert_weight_bits"], usual: 4) }
            if let experts = shape.first, experts > 0 { role.use = .experts(experts) }
            expertsUsed = node.integers["k"] ?? 1
        case ("DequantizeLinear", 0), ("MatMulInteger", 1), ("DynamicQuantizeMatMul", 1):
            role.isMatrix = shape.count > 1
        case ("MatMulNBits", 2...3), ("GatherBlockQuantized", 2...), ("QMoE", 3...), ("DequantizeLinear", 1...),
            ("DynamicQuantizeMatMul", 2...), ("GroupQueryAttention", 7...8), ("RotaryEmbedding", 1...):
            role.isAuxiliary = true
        default: break
        }
    }

    private func bits(_ value: Int?, usual: Int) -> Int {
        let bits = value ?? usual
        return [2, 4, 8].contains(bits) ? bits : usual
    }
}
