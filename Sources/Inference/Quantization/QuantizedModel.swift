import GGUF

/// What the mixes depend on in a model.
struct QuantizedModel {
    let architecture: String
    let layers: Int
    /// In each layer; 0 for other models.
    let experts: Int
    /// How many queries share a key in the first layer.
    let queriesPerKey: Int
    /// Whether the embedding matrix is also the output matrix. It is then quantized like an output matrix.
    let isTied: Bool
    /// Whether an importance matrix is used.
    let hasImportance: Bool
    /// The index of tensors among those of their group that are quantized, which counts as their layer: the second matrix
    /// with values may be in the fifth layer of a model that does not have attention in all of them.
    private let indices: [String: Int]
    /// The number of matrices with values.
    let valueMatrices: Int

    /// - Parameter tensors: all of the model's. The contiguous dimension first.
    init(
        architecture: String, layers: Int, experts: Int, queriesPerKey: Int, hasImportance: Bool,
        tensors: [(name: String, dimensions: [Int])]
    ) {
        self.architecture = architecture
        self.layers = layers
        self.experts = experts
        self.queriesPerKey = queriesPerKey
        self.hasImportance = hasImportance
        isTied = !tensors.contains { $0.name == "output.weight" }
        valueMatrices = tensors.count { TensorGroup($0.name) == .values }
        indices = Self.indices(tensors.filter { QuantizationRules.isQuantizable($0.name, $0.dimensions) }.map(\.name))
    }

    init(_ file: GGUFFile, hasImportance: Bool) {
        let architecture = file.metadata["general.architecture"]?.string ?? ""
        /// A number, or that of the first layer.
        func number(_ key: String) -> Int? {
            let value = file.metadata["\(architecture).\(key)"]
            return value?.int ?? value?.array?.ints()?.first
        }
        let heads = number("attention.head_count") ?? 0
        let keys = number("attention.head_count_kv") ?? heads
        self.init(
            architecture: architecture, layers: number("block_count") ?? 0, experts: number("expert_count") ?? 0,
            queriesPerKey: keys > 0 ? heads / keys : 0, hasImportance: hasImportance,
            tensors: file.tensors.map { ($0.name, $0.dimensions) })
    }

    /// Llama 2 70B and those of its size have large matrices for queries and small ones for values.
    var isSeventyBillion: Bool {
        switch architecture {
        case "llama": layers == 80 && queriesPerKey != 1 && experts != 8
        case "deci", "olmo", "qwen2": layers == 80
        case "jais2": layers == 68
        default: false
        }
    }

    /// The layer of a tensor and the number of layers, as rows of mixes count them.
    func position(of name: String, _ group: TensorGroup) -> (layer: Int, count: Int) {
        if group == .values { return (indices[name] ?? 0, valueMatrices) }
        // Mixtures may have several of these matrices in a layer.
        let layer = experts > 1 ? TensorPlace(name).layer : indices[name]
        return (layer ?? 0, layers)
    }

    private static func indices(_ names: [String]) -> [String: Int] {
        var counts: [TensorGroup: Int] = [:]
        var indices: [String: Int] = [:]
        for name in names.sorted(by: { TensorPlace($0) < TensorPlace($1) }) {
            let group = TensorGroup(name)
            indices[name] = counts[group, default: 0]
            counts[group, default: 0] += 1
        }
        return indices
    }
}

/// Where a tensor is: in a layer or, before them, in none.
private struct TensorPlace: Comparable {
    let layer: Int?
    let name: String

    init(_ name: String) {
        let parts = name.split(separator: ".", maxSplits: 2)
        layer = parts.count == 3 && parts[0] == "blk" ? Int(parts[1]) : nil
        self.name = name
    }

    static func < (a: TensorPlace, b: TensorPlace) -> Bool {
        let (first, second) = (a.layer ?? -1, b.layer ?? -1)
        return first != second ? first < second : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
}
