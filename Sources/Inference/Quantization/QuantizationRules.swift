import GGUF

/// Which type each tensor of a model gets in a scheme. (What is kept, and which matrices get more bits, is the same as in
/// `llama-quant.cpp` of llama.cpp.)
struct QuantizationRules {
    let scheme: QuantizationScheme
    let layers: Int
    /// In each layer; 0 for other models.
    let experts: Int
    /// Whether the embedding matrix is also the output matrix. It is then quantized like an output matrix.
    let isTied: Bool

    init(scheme: QuantizationScheme, layers: Int, experts: Int, isTied: Bool) {
        self.scheme = scheme
        self.layers = layers
        self.experts = experts
        self.isTied = isTied
    }

    /// The rules for a file, of whatever family.
    init(_ scheme: QuantizationScheme, _ file: GGUFFile) {
        let architecture = file.metadata["general.architecture"]?.string ?? ""
        self.init(
            scheme: scheme, layers: file.metadata["\(architecture).block_count"]?.int ?? 0,
            experts: file.metadata["\(architecture).expert_count"]?.int ?? 0,
            isTied: file.tensor(named: "output.weight") == nil)
    }

    /// The type that a tensor is written in.
    ///
    /// - Parameters:
    ///   - dimensions: the contiguous one first. The matrices of all experts are one tensor with three.
    ///   - own: its type in the source, which it keeps if it is not a matrix or must not lose precision.
    func type(named name: String, dimensions: [Int], own: TensorType) -> TensorType {
        guard Self.isQuantizable(name, dimensions), let cols = dimensions.first else { return own }
        return TensorType.find(base(named: name).fitting(columns: cols).rawValue) ?? own
    }

    /// Tensors that always keep their type: they are small, but errors in them affect everything.
    private static let keptFragments = [
        "_norm.", "ffn_gate_inp.", "ffn_gate_tid2eid.", "position_embd.", "token_types.", "rope_f", "altup", "laurel",
        "per_layer_model_proj", "ssm_conv1d", "shortconv.conv.", "time_mix_", "attn_rel_b.", "indexer.k_proj.",
        "indexer.q_proj.",
    ]

    private static func isQuantizable(_ name: String, _ dimensions: [Int]) -> Bool {
        // A vector may be stored as a matrix with one row, such as the gate of a shared expert.
        dimensions.dropFirst().contains { $0 > 1 } && name.hasSuffix("weight")
            && !keptFragments.contains { name.contains($0) }
    }

    /// The type for a matrix, regardless of its number of columns.
    private func base(named name: String) -> QuantizationScheme.BaseType {
        let base = scheme.base
        if base.isFloat { return base }
        let isEmbedding = name == "token_embd.weight" || name == "per_layer_token_embd.weight"
        if name == "output.weight" || isTied && isEmbedding { return base == .q8_0 ? .q8_0 : .q6_K }
        let parts = name.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, parts[0] == "blk", let layer = Int(parts[1]) else { return base }
        // With eight experts, attention is so small a part of the model that its precision costs little.
        if experts == 8, let better = scheme.attentionWithEightExperts.first(where: { parts[2].hasPrefix($0.tensor) }) {
            return better.type
        }
        let upgrade = scheme.upgrades.first { parts[2].hasPrefix($0.tensor) && $0.layers.contains(layer, of: layers) }
        return upgrade?.type ?? base
    }
}
