import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension CheckpointFamilies {
    private static let gemmaNames: [LayerRole: String] = [
        .postAttentionNorm: "post_attention_layernorm", .ffnNorm: "pre_feedforward_layernorm",
        .postFFNNorm: "post_feedforward_layernorm",
    ]

    private static let perLayerNames: [LayerRole: String] = [
        .perLayerGate: "per_layer_input_gate", .perLayerProjection: "per_layer_projection",
        .perLayerNorm: "post_per_layer_input_norm",
    ]

    private static let perLayerModelNames: [TensorRole: String] = [
        .perLayerEmbedding: "embed_tokens_per_layer", .perLayerProjection: "per_layer_model_projection",
        .perLayerProjectionNorm: "per_layer_projection_norm",
    ]

    static let gemma: [CheckpointFamily] = [
        CheckpointFamily(modelTypes: ["gemma"], architecture: "gemma", normOffset: 1),
        CheckpointFamily(
            modelTypes: ["gemma2"], architecture: "gemma2", names: gemmaNames, normOffset: 1
        ) { reading throws(CheckpointError) in
            reading.setAttentionScale(inverseRootOf: "query_pre_attn_scalar")
            reading.spec.takeSoftCaps(from: reading.config)
            try reading.readWindows { $0 % 2 == 0 }
        },
        CheckpointFamily(
            modelTypes: ["gemma3_text", "gemma3"], architecture: "gemma3", names: gemmaNames, normOffset: 1
        ) { reading throws(CheckpointError) in
            reading.setAttentionScale(inverseRootOf: "query_pre_attn_scalar")
            reading.spec.attentionSoftCap = 0
            reading.spec.takeSoftCaps(from: reading.config)
            try reading.readGemmaPositions(period: reading.config.integer("sliding_window_pattern") ?? 6)
        },
        CheckpointFamily(
            modelTypes: ["gemma3n_text", "gemma3n"], architecture: "gemma3n",
            names: gemmaNames.merging(perLayerNames) { first, _ in first }.merging([
                .laurelLeft: "laurel.linear_left", .laurelRight: "laurel.linear_right",
                .laurelNorm: "laurel.post_laurel_norm", .altUpRouter: "altup.modality_router",
                .altUpRouterNorm: "altup.router_norm", .altUpPrediction: "altup.prediction_coefs",
                .altUpCorrection: "altup.correction_coefs", .altUpScale: "altup.correct_output_scale",
            ]) { first, _ in first },
            modelNames: perLayerModelNames.merging([
                .altUpProjection: "altup_projections.*", .altUpUnembedding: "altup_unembed_projections.*",
            ]) { first, _ in first }
        ) { reading throws(CheckpointError) in
            reading.spec.takeSoftCaps(from: reading.config)
            reading.spec.sharedKeyValues = .configured
            try reading.readActivationCutOff()
            try reading.readGemmaPositions(period: 5)
        },
        CheckpointFamily(
            modelTypes: ["gemma4_text", "gemma4"], architecture: "gemma4",
            keys: [.expertsUsed: ["top_k_experts"]],
            names: gemmaNames.merging(perLayerNames) { first, _ in first }.merging([
                .router: "router.proj", .expertGateUp: "experts.gate_up_proj", .expertDown: "experts.down_proj",
                .denseOutputNorm: "post_feedforward_layernorm_1", .expertsNorm: "pre_feedforward_layernorm_2",
                .expertsOutputNorm: "post_feedforward_layernorm_2", .layerScale: "layer_scalar",
            ]) { first, _ in first },
            modelNames: perLayerModelNames,
            scales: [.router: "router.scale", .expertDown: "router.per_expert_scale"]
        ) { reading throws(CheckpointError) in
            reading.spec.takeSoftCaps(from: reading.config)
            try reading.readGemmaPositions(period: 6)
            try reading.readHeadsByLayer()
        },
    ]
}

extension ArchitectureSpec {
    /// A configuration that says null has no soft cap.
    fileprivate mutating func takeSoftCaps(from config: CheckpointConfig) {
        if !config.has("attn_logit_softcapping") { attentionSoftCap = nil }
        if !config.has("final_logit_softcapping") { logitSoftCap = nil }
    }
}

extension CheckpointReading {
    /// Windows in all but the last layer of each group, with a RoPE base of their own.
    fileprivate mutating func readGemmaPositions(period: Int) throws(CheckpointError) {
        let local = try RoPEParameters(config, layerType: "sliding_attention")
        let base = config.has("rope_parameters") ? local.base : nil
        values[.localRoPEBase] = .number(base ?? config.number("rope_local_base_freq") ?? 10_000)
        if values[.ropeBase] == nil { values[.ropeBase] = .number(1_000_000) }
        try readWindows { ($0 + 1) % max(1, period) != 0 }
    }

    /// Of each layer's activations, only the largest share is used: those so many standard deviations above the mean.
    fileprivate mutating func readActivationCutOff() throws(CheckpointError) {
        let pattern = config["activation_sparsity_pattern"]?.array?.compactMap(\.double) ?? []
        let leading = pattern.prefix { $0 > 0 }
        guard let share = leading.first else {
            spec.activationCutOff = nil
            return
        }
        guard share < 1, leading.allSatisfy({ $0 == share }), pattern.dropFirst(leading.count).allSatisfy({ $0 == 0 })
        else {
            throw config.error("activation_sparsity_pattern", expected: "one share below 1 in the first layers, then 0")
        }
        spec.activationCutOff = .init(
            layers: leading.count, deviations: Float(Self.normalQuantile(share)), isOfPopulation: true)
    }

    /// How many standard deviations a normal variable is below with a probability.
    private static func normalQuantile(_ probability: Double) -> Double {
        var (low, high) = (-10.0, 10.0)
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Layers with full attention have heads of another size, and sometimes fewer keys. (Gemma 4)
    fileprivate mutating func readHeadsByLayer() throws(CheckpointError) {
        var full: (headDim: Int?, kvHeads: Int?) = (
            config.integer("global_head_dim"), config.integer("num_global_key_value_heads")
        )
        let isFull = try layerFlags("full_attention") ?? (0..<max(0, min(1024, layers))).map { ($0 + 1) % 6 == 0 }
        for field in config.object("per_layer_config") ?? JSONObject() {
            guard let layer = Int(field.name), isFull.indices.contains(layer), isFull[layer] else { continue }
            full.headDim = full.headDim ?? field.value.object?["head_dim"]?.integer
            full.kvHeads = full.kvHeads ?? field.value.object?["num_key_value_heads"]?.integer
        }
        if let local = values[.headDim] {
            values[.localHeadDim] = local
            values[.localValueDim] = local
            values[.localRoPEDim] = local
        }
        let whole = ConfigValue.integer(full.headDim ?? 512)
        values[.headDim] = whole
        values[.valueDim] = whole
        values[.ropeDim] = whole
        if let kvHeads = full.kvHeads, let local = values[.kvHeads]?.integer {
            values[.kvHeads] = .integers(isFull.map { $0 ? kvHeads : local })
        }
    }
}
