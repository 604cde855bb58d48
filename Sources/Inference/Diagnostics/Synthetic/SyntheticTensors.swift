import GGUF

/// A tensor of a synthetic model.
struct SyntheticTensor {
    let name: String
    /// The contiguous dimension first.
    let dimensions: [Int]

    init(_ name: String, _ dimensions: [Int]) {
        self.name = name
        self.dimensions = dimensions
    }

    var elementCount: Int { dimensions.reduce(1, *) }

    /// Norms and scales are about 1, everything else about 0.
    var mean: Float { dimensions.count == 1 && name.hasSuffix(".weight") && !name.contains("sinks") ? 1 : 0 }

    /// Vectors, routers and biases are F32 and matrices F16 before they are quantized.
    func type(_ rules: QuantizationRules) -> TensorType {
        rules.type(named: name, dimensions: dimensions, own: TensorType.all[isMatrix ? 1 : 0])
    }
}

extension SyntheticTensor {
    private var isMatrix: Bool { dimensions.count > 1 && name.hasSuffix(".weight") && !name.contains("ffn_gate_inp") }
    var isLayerMatrix: Bool { isMatrix && name.hasPrefix("blk.") }
}

extension SyntheticModel {
    /// In the order of published files.
    var tensors: [SyntheticTensor] {
        var tensors = [
            SyntheticTensor("token_embd.weight", [hiddenSize, vocabulary]),
            SyntheticTensor("output_norm.weight", [hiddenSize]),
        ]
        if parts.contains(.output) { tensors.append(SyntheticTensor("output.weight", [hiddenSize, vocabulary])) }
        if let size = perLayer?.size {
            tensors += [
                SyntheticTensor("per_layer_token_embd.weight", [size * layers, vocabulary]),
                SyntheticTensor("per_layer_model_proj.weight", [hiddenSize, size * layers]),
                SyntheticTensor("per_layer_proj_norm.weight", [size]),
                SyntheticTensor("rope_freqs.weight", [headDim / 2]),
            ]
        }
        for layer in 0..<layers {
            tensors += (attention(layer) + feedForwardTensors).map { name, dimensions in
                SyntheticTensor("blk.\(layer).\(name)", dimensions)
            }
        }
        return tensors
    }

    private typealias Shape = (name: String, dimensions: [Int])

    private func attention(_ layer: Int) -> [Shape] {
        let dim = isWindowed(layer) ? window?.headDim ?? headDim : headDim
        let (queries, keys) = (heads * dim, kvHeads * dim)
        var matrices: [Shape] = [("attn_q", [hiddenSize, queries])]
        if hasKeys(layer) { matrices += [("attn_k", [hiddenSize, keys]), ("attn_v", [hiddenSize, keys])] }
        matrices.append(("attn_output", [queries, hiddenSize]))
        var norms: [Shape] = []
        if parts.contains(.queryKeyNorms) {
            norms.append(("attn_q_norm.weight", [dim]))
            if hasKeys(layer) { norms.append(("attn_k_norm.weight", [dim])) }
        }
        if parts.contains(.postNorms) { norms.append(("post_attention_norm.weight", [hiddenSize])) }
        if parts.contains(.sinks) { norms.append(("attn_sinks.weight", [heads])) }
        return [("attn_norm.weight", [hiddenSize])] + matrices.flatMap(withBias) + norms
    }

    private var feedForwardTensors: [Shape] {
        let norm = parts.contains(.renamedFFNNorm) ? "post_attention_norm.weight" : "ffn_norm.weight"
        var shapes: [Shape] = [(norm, [hiddenSize])]
        switch feedForward {
        case .dense(let size):
            shapes += [
                ("ffn_gate.weight", [hiddenSize, size]), ("ffn_up.weight", [hiddenSize, size]),
                ("ffn_down.weight", [size, hiddenSize]),
            ]
        case .experts(let count, _, let size):
            let matrices: [Shape] = [
                ("ffn_gate_inp", [hiddenSize, count]), ("ffn_gate_exps", [hiddenSize, size, count]),
                ("ffn_up_exps", [hiddenSize, size, count]), ("ffn_down_exps", [size, hiddenSize, count]),
            ]
            shapes += matrices.flatMap(withBias)
        }
        if parts.contains(.postNorms) { shapes.append(("post_ffw_norm.weight", [hiddenSize])) }
        if let size = perLayer?.size {
            shapes += [
                ("inp_gate.weight", [hiddenSize, size]), ("proj.weight", [size, hiddenSize]),
                ("post_norm.weight", [hiddenSize]), ("layer_output_scale.weight", [1]),
            ]
        }
        return shapes
    }

    /// A matrix, or one for each expert, with its bias: [rows], or [rows, experts].
    private func withBias(_ matrix: Shape) -> [Shape] {
        let weight = ("\(matrix.name).weight", matrix.dimensions)
        return parts.contains(.biases)
            ? [weight, ("\(matrix.name).bias", Array(matrix.dimensions.dropFirst()))] : [weight]
    }

    // MARK: Metadata

    func addMetadata(to writer: inout GGUFWriter, _ scheme: QuantizationScheme) {
        func add(_ key: String, _ value: Int) { writer.add("\(architecture).\(key)", .uint32(UInt32(value))) }
        func add(_ key: String, _ value: Float) { writer.add("\(architecture).\(key)", .float32(value)) }
        let part = layers < allLayers ? " with \(layers) of \(allLayers) layers" : ""
        writer.add("general.architecture", .string(architecture))
        writer.add("general.name", .string("Random weights in the shape of \(name)\(part)"))
        if blockType == nil { writer.add("general.file_type", .uint32(scheme.fileType)) }
        add("block_count", layers)
        add("context_length", contextLength)
        add("embedding_length", hiddenSize)
        switch feedForward {
        case .dense(let size): add("feed_forward_length", size)
        case .experts(let count, let used, let size):
            add("feed_forward_length", size)
            add("expert_feed_forward_length", size)
            add("expert_count", count)
            add("expert_used_count", used)
        }
        add("attention.head_count", heads)
        add("attention.head_count_kv", kvHeads)
        add("attention.key_length", headDim)
        add("attention.value_length", headDim)
        add("attention.layer_norm_rms_epsilon", normEpsilon)
        add("rope.dimension_count", headDim)
        add("rope.freq_base", ropeBase)
        if let window {
            add("attention.sliding_window", window.length)
            if window.headDim != headDim {
                add("attention.key_length_swa", window.headDim)
                add("attention.value_length_swa", window.headDim)
                add("rope.dimension_count_swa", window.headDim)
            }
            if window.isListed {
                let pattern = (0..<layers).map(isWindowed)
                writer.add("\(architecture).attention.sliding_window_pattern", bools: pattern)
            }
        }
        if let perLayer {
            add("embedding_length_per_layer_input", perLayer.size)
            add("attention.shared_kv_layers", layersWithoutKeys)
        }
        for (key, value) in metadata { writer.add("\(architecture).\(key)", value) }
        add("vocab_size", vocabulary)
        writer.add("tokenizer.ggml.model", .string("none"))
    }
}
