extension CheckpointFamilies {
    /// Models of which most layers have a state of fixed size.
    static let recurrent: [CheckpointFamily] = [
        CheckpointFamily(
            modelTypes: ["lfm2"], architecture: "lfm2", keys: lfm2Keys, names: lfm2Names, modelNames: lfm2ModelNames
        ) { reading throws(CheckpointError) in
            reading.readConvolutionLayers()
        },
        CheckpointFamily(
            modelTypes: ["lfm2_moe"], architecture: "lfm2moe", keys: lfm2Keys,
            names: lfm2Names.merging([
                .router: "feed_forward.gate", .routerBias: "feed_forward.expert_bias",
                .expertGate: "feed_forward.experts.*.w1", .expertUp: "feed_forward.experts.*.w3",
                .expertDown: "feed_forward.experts.*.w2",
            ]) { first, _ in first },
            modelNames: lfm2ModelNames
        ) { reading throws(CheckpointError) in
            reading.readConvolutionLayers()
            reading.spec.experts.isNormalizationConfigured = true
            reading.values[.expertGating] = .integer(2)
        },
        CheckpointFamily(
            modelTypes: ["mamba2"], architecture: "mamba2",
            keys: [
                .heads: [], .headDim: [], .stateHeads: ["num_heads"], .stateKeyHeads: ["n_groups"],
                .stateKeyDim: ["state_size"], .convolutionLength: ["conv_kernel"], .normEpsilon: ["layer_norm_epsilon"],
            ],
            names: mambaNames, modelNames: mambaModelNames
        ) { reading throws(CheckpointError) in
            reading.values[.heads] = .integer(0)
            reading.setStateSize(headDim: "head_dim", default: 64)
            // It has no positions.
            if reading.values[.contextLength] == nil { reading.values[.contextLength] = .integer(1 << 20) }
            // The second is often infinite, in one of several spellings.
            let limits = reading.config["time_step_limit"]?.array ?? []
            let most = limits.dropFirst().first?.double ?? .infinity
            if let least = limits.first?.double, least >= 0, least <= most {
                reading.spec.timeSteps = Float(least)...Float(most)
            }
        },
        CheckpointFamily(
            modelTypes: ["nemotron_h"], architecture: "nemotron_h",
            keys: [
                .headDim: ["head_dim", "attention_head_dim"], .stateHeads: ["mamba_num_heads"],
                .stateKeyHeads: ["n_groups", "mamba_n_groups"], .stateKeyDim: ["ssm_state_size"],
                .convolutionLength: ["conv_kernel", "mamba_d_conv"], .normEpsilon: ["layer_norm_epsilon"],
            ],
            names: mambaNames.merging([
                .query: "mixer.q_proj", .key: "mixer.k_proj", .value: "mixer.v_proj", .attentionOutput: "mixer.o_proj",
                .ffnNorm: "norm", .up: "mixer.up_proj", .down: "mixer.down_proj", .router: "mixer.gate",
                .routerBias: "mixer.gate.e_score_correction_bias", .expertUp: "mixer.experts.*.up_proj",
                .expertDown: "mixer.experts.*.down_proj", .sharedUp: "mixer.shared_experts.up_proj",
                .sharedDown: "mixer.shared_experts.down_proj", .expertReduction: "mixer.fc1_latent_proj",
                .expertExpansion: "mixer.fc2_latent_proj",
            ]) { first, _ in first },
            modelNames: mambaModelNames
        ) { reading throws(CheckpointError) in
            try reading.readActivation("mlp_hidden_act")
            try reading.readBlockKinds()
            reading.setStateSize(headDim: "mamba_head_dim", default: 64)
            if let least = reading.config.number("time_step_min") ?? reading.config.number("mamba_dt_min"), least >= 0 {
                reading.spec.timeSteps = Float(least)...Float.infinity
            }
        },
    ]

    private static let mambaNames: [LayerRole: String] = [
        .attentionNorm: "norm", .mixerInput: "mixer.in_proj", .mixerConvolution: "mixer.conv1d",
        .mixerTimeBias: "mixer.dt_bias", .mixerDecayRates: "mixer.A_log", .mixerSkips: "mixer.D",
        .mixerNorm: "mixer.norm", .mixerOutput: "mixer.out_proj",
    ]

    private static let mambaModelNames: [TensorRole: String] = [.tokenEmbedding: "embeddings", .outputNorm: "norm_f"]

    private static let lfm2Names: [LayerRole: String] = [
        .attentionNorm: "operator_norm", .queryNorm: "self_attn.q_layernorm", .keyNorm: "self_attn.k_layernorm",
        .attentionOutput: "self_attn.out_proj", .mixerInput: "conv.in_proj", .mixerConvolution: "conv.conv",
        .mixerOutput: "conv.out_proj", .ffnNorm: "ffn_norm", .gate: "feed_forward.w1", .up: "feed_forward.w3",
        .down: "feed_forward.w2",
    ]

    private static let lfm2ModelNames: [TensorRole: String] = [.outputNorm: "embedding_norm"]

    private static let lfm2Keys: [ConfigKey: [String]] = [
        .gatedConvolutionLength: ["conv_L_cache"], .normEpsilon: ["norm_eps", "block_norm_eps"],
        .leadingDenseLayers: ["num_dense_layers"],
    ]

    // MARK: Gated delta networks

    static let deltaNetworks: [CheckpointFamily] = [
        CheckpointFamily(
            modelTypes: ["qwen3_next"], architecture: "qwen3next", names: deltaNames.merging(sharedExpertNames) { $1 },
            normOffset: 1
        ) { reading throws(CheckpointError) in
            try reading.readDeltaNetwork()
            reading.spec.experts.isNormalizationConfigured = true
        },
        CheckpointFamily(
            modelTypes: ["qwen3_5", "qwen3_5_text"], architecture: "qwen35", names: deltaNames, normOffset: 1
        ) { reading throws(CheckpointError) in
            try reading.readDeltaNetwork()
        },
        CheckpointFamily(
            modelTypes: ["qwen3_5_moe", "qwen3_5_moe_text"], architecture: "qwen35moe",
            names: deltaNames.merging(sharedExpertNames) { $1 }, normOffset: 1
        ) { reading throws(CheckpointError) in
            try reading.readDeltaNetwork()
        },
    ]

    private static let deltaNames: [LayerRole: String] = [
        .mixerInput: "linear_attn.in_proj_qkvz", .mixerRatesAndTimes: "linear_attn.in_proj_ba",
        .mixerQueryKeyValue: "linear_attn.in_proj_qkv", .mixerGate: "linear_attn.in_proj_z",
        .mixerTimes: "linear_attn.in_proj_a", .mixerRates: "linear_attn.in_proj_b",
        .mixerConvolution: "linear_attn.conv1d", .mixerTimeBias: "linear_attn.dt_bias",
        .mixerDecayRates: "linear_attn.A_log", .mixerNorm: "linear_attn.norm", .mixerOutput: "linear_attn.out_proj",
    ]
}

extension CheckpointReading {
    fileprivate mutating func readDeltaNetwork() throws(CheckpointError) {
        try readActivation()
        // Its GGUF files have the heads of values in another order.
        spec.recurrence = .deltaNetwork(tilesHeads: false)
        setStateSize(headDim: "linear_value_head_dim", default: 128)
        if !config.has("rope_parameters"), !config.has("partial_rotary_factor"), let headDim = values[.headDim]?.integer
        {
            values[.ropeDim] = .integer(headDim / 8 * 2)
        }
        if spec.ropeSections == .interleaved {
            let sections = config.object("rope_parameters")?["mrope_section"]?.array?.compactMap(\.integer) ?? []
            values[.ropeSections] = .integers((sections.count == 3 ? sections : [11, 11, 10]) + [0])
        }
        if values[.fullAttentionInterval] == nil { values[.fullAttentionInterval] = .integer(4) }
    }

    /// The size of all heads of values together.
    fileprivate mutating func setStateSize(headDim name: String, default: Int) {
        guard let heads = values[.stateHeads]?.integer else { return }
        let (size, overflow) = heads.multipliedReportingOverflow(by: config.integer(name) ?? `default`)
        values[.stateInnerSize] = .integer(overflow ? .max : size)
    }

    /// Layers with a convolution have no keys.
    fileprivate mutating func readConvolutionLayers() {
        if values[.ropeBase] == nil { values[.ropeBase] = .number(1_000_000) }
        guard let kvHeads = values[.kvHeads]?.integer, layers > 0, layers <= 1024 else { return }
        values[.kvHeads] = .integers(
            (0..<layers).map { weights.has("\(layerPrefix)\($0).conv.conv.weight") ? 0 : kvHeads })
    }

    /// Each layer is one block: `layers_block_type`, or a letter for each in older files.
    fileprivate mutating func readBlockKinds() throws(CheckpointError) {
        let letters: [Character: String] = ["M": "mamba", "E": "moe", "*": "attention", "-": "mlp"]
        let pattern = config.text("hybrid_override_pattern").map { $0.compactMap { letters[$0] } }
        guard let kinds = config.texts("layers_block_type") ?? pattern, !kinds.isEmpty, kinds.count <= 1024 else {
            throw config.error("layers_block_type", expected: "the kind of each layer")
        }
        values[.layers] = .integer(kinds.count)
        if kinds.contains("moe") {
            Architectures.find("nemotron_h_moe").map { spec = $0 }
            spec.experts.normalizesWeights = true
        } else {
            for key in [ConfigKey.experts, .expertsUsed, .expertGroups, .expertGroupsUsed] { values[key] = nil }
        }
        let heads = values[.kvHeads]?.integer ?? values[.heads]?.integer ?? 0
        values[.kvHeads] = .integers(kinds.map { $0.hasSuffix("attention") && $0 != "linear_attention" ? heads : 0 })
    }
}
