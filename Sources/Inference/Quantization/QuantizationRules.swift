import GGUF

/// Which type each tensor of a model gets in a scheme. (What is kept, and which matrices get more bits, is the same as in
/// `llama-quant.cpp` of llama.cpp.)
struct QuantizationRules {
    let scheme: QuantizationScheme
    let model: QuantizedModel

    /// The type that a tensor is written in.
    ///
    /// - Parameters:
    ///   - dimensions: the contiguous one first. The matrices of all experts are one tensor with three.
    ///   - own: its type in the source, which it keeps if it is not a matrix or must not lose precision.
    func type(named name: String, dimensions: [Int], own: TensorType) -> TensorType {
        guard Self.isQuantizable(name, dimensions), let columns = dimensions.first else { return own }
        let type = scheme.base.isFloat ? scheme.base : mixed(name, dimensions).fitting(columns: columns)
        return TensorType.find(type.rawValue) ?? own
    }

    /// Tensors that always keep their type: they are small, but errors in them affect everything.
    private static let keptFragments = [
        "_norm.", "ffn_gate_inp.", "ffn_gate_tid2eid.", "position_embd.", "token_types.", "rope_f", "altup", "laurel",
        "per_layer_model_proj", "ssm_conv1d", "shortconv.conv.", "time_mix_", "attn_rel_b.", "indexer.k_proj.",
        "indexer.q_proj.",
    ]

    static func isQuantizable(_ name: String, _ dimensions: [Int]) -> Bool {
        // A vector may be stored as a matrix with one row, such as the gate of a shared expert.
        dimensions.dropFirst().contains { $0 > 1 } && name.hasSuffix("weight")
            && !keptFragments.contains { name.contains($0) }
    }

    /// The type for a matrix, regardless of its number of columns.
    private func mixed(_ name: String, _ dimensions: [Int]) -> EncodedType {
        let group = TensorGroup(name)
        if group == .output || model.isTied && group == .embeddings { return outputType(columns: dimensions[0]) }
        if let dense = scheme.dense { return dimensions.count > 2 && dimensions[2] > 1 ? scheme.base : dense }
        if group == .embeddings { return scheme.base }
        if model.experts == 8, group == .values || group == .keys { return .q8_0 }
        let (layer, count) = model.position(of: name, group)
        let row = scheme.mix.first {
            $0.group == group && $0.layers.contains(layer, of: count) && $0.models.contains(model)
        }
        let type = row?.type ?? scheme.base
        // There values are an eighth of queries, and more bits for them cost little.
        if model.isSeventyBillion, group == .values, type == .q3_K || type == .q4_K { return .q5_K }
        return type
    }

    private func outputType(columns: Int) -> EncodedType {
        if model.architecture == "falcon" || scheme.dense != nil || !scheme.base.fits(columns: columns) { return .q8_0 }
        return scheme.base == .q8_0 ? .q8_0 : .q6_K
    }
}
