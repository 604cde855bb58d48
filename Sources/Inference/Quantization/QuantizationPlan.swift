import GGUF

/// The target type of each tensor of a file for a scheme.
struct QuantizationPlan {
    struct Step {
        let tensor: TensorInfo
        let target: TensorType
        var byteCount: Int { tensor.elementCount / target.blockElements * target.blockBytes }
    }

    let steps: [Step]

    /// Tensors that always keep their type: they are small, but errors in them affect everything.
    private static let keptFragments = ["_norm.", "ffn_gate_inp.", "position_embd.", "token_types.", "rope_f"]

    init(file: GGUFFile, scheme: QuantizationScheme) {
        let architecture = file.metadata["general.architecture"]?.string ?? ""
        let layers = file.metadata["\(architecture).block_count"]?.int ?? 0
        // If the embedding matrix is also the output matrix, it is quantized like the output.
        let output = file.tensor(named: "output.weight") == nil ? "token_embd.weight" : "output.weight"
        steps = file.tensors.map { tensor in
            let type =
                Self.isQuantizable(tensor)
                ? scheme.type(named: tensor.name, isOutput: tensor.name == output, layers: layers) : nil
            let target = type.flatMap { TensorType.find($0.fitting(columns: tensor.dimensions[0]).rawValue) }
            return Step(tensor: tensor, target: target ?? tensor.type)
        }
    }

    private static func isQuantizable(_ tensor: TensorInfo) -> Bool {
        tensor.dimensions.count >= 2 && tensor.name.hasSuffix("weight")
            && !keptFragments.contains { tensor.name.contains($0) }
    }
}

extension QuantizationScheme {
    /// The type for a matrix, regardless of its number of columns.
    func type(named name: String, isOutput: Bool, layers: Int) -> BaseType {
        if base.isFloat { return base }
        if isOutput { return base == .q8_0 ? .q8_0 : .q6_K }
        let parts = name.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, parts[0] == "blk", let layer = Int(parts[1]) else { return base }
        let upgrade = upgrades.first { parts[2].hasPrefix($0.tensor) && $0.layers.contains(layer, of: layers) }
        return upgrade?.type ?? base
    }
}
