/// How GGUF files call the values of a configuration, after the architecture's prefix, and tensors. (The GGUF
/// specification, and `gguf-py/gguf/constants.py` of llama.cpp.)
enum GGUFNames {
    static func key(_ key: ConfigKey) -> String {
        switch key {
        case .layers: "block_count"
        case .hiddenSize: "embedding_length"
        case .heads: "attention.head_count"
        case .kvHeads: "attention.head_count_kv"
        case .headDim: "attention.key_length"
        case .valueDim: "attention.value_length"
        case .localHeadDim: "attention.key_length_swa"
        case .localValueDim: "attention.value_length_swa"
        case .contextLength: "context_length"
        case .predictionLayers: "nextn_predict_layers"
        case .layerRepeats: "num_loops"
        case .skipsNormBetweenRepeats: "skip_loop_final_norm"
        case .normEpsilon: "attention.layer_norm_rms_epsilon"
        case .layerNormEpsilon: "attention.layer_norm_epsilon"
        case .ropeDim: "rope.dimension_count"
        case .localRoPEDim: "rope.dimension_count_swa"
        case .ropeBase: "rope.freq_base"
        case .localRoPEBase: "rope.freq_base_swa"
        case .ropeSections: "rope.dimension_sections"
        case .ropeIsTrained: "rope.scaling.finetuned"
        case .ropePattern: "attention.rope_pattern"
        case .ropeScalingType: "rope.scaling.type"
        case .ropeScalingFactor: "rope.scaling.factor"
        case .ropeScalingFactorOlder: "rope.scale_linear"
        case .ropeScalingMagnitude: "rope.scaling.attn_factor"
        case .ropeScalingAlpha: "rope.scaling.alpha"
        case .ropeOriginalContext: "rope.scaling.original_context_length"
        case .yarnBetaFast: "rope.scaling.yarn_beta_fast"
        case .yarnBetaSlow: "rope.scaling.yarn_beta_slow"
        case .yarnLogMultiplier: "rope.scaling.yarn_log_multiplier"
        case .yarnMix: "rope.scaling.yarn_ext_factor"
        case .linearMagnitude: "rope.scaling.yarn_attn_factor"
        case .slidingWindow: "attention.sliding_window"
        case .slidingWindowPattern: "attention.sliding_window_pattern"
        case .sharedKVLayers: "attention.shared_kv_layers"
        case .attentionScale: "attention.scale"
        case .attentionOutputScale: "attention.output_scale"
        case .valueScale: "attention.value_scale"
        case .temperatureScale: "attention.temperature_scale"
        case .temperatureLength: "attention.temperature_length"
        case .alibiBias: "attention.max_alibi_bias"
        case .projectionClamp: "attention.clamp_kqv"
        case .attentionSoftCap: "attn_logit_softcapping"
        case .logitSoftCap: "final_logit_softcapping"
        case .isParallel: "use_parallel_residual"
        case .residualScale: "residual_scale"
        case .embeddingScale: "embedding_scale"
        case .logitScale: "logit_scale"
        case .latentRank: "attention.kv_lora_rank"
        case .queryRank: "attention.q_lora_rank"
        case .expandedHeadDim: "attention.key_length_mla"
        case .expandedValueDim: "attention.value_length_mla"
        case .convolutionLength: "ssm.conv_kernel"
        case .gatedConvolutionLength: "shortconv.l_cache"
        case .stateHeads: "ssm.time_step_rank"
        case .stateKeyHeads: "ssm.group_count"
        case .stateKeyDim: "ssm.state_size"
        case .stateInnerSize: "ssm.inner_size"
        case .fullAttentionInterval: "full_attention_interval"
        case .experts: "expert_count"
        case .expertsUsed: "expert_used_count"
        case .expertLatentSize: "moe_latent_size"
        case .expertGroups: "expert_group_count"
        case .expertGroupsUsed: "expert_group_used_count"
        case .expertGating: "expert_gating_func"
        case .expertWeightsScale: "expert_weights_scale"
        case .expertWeightsNormalization: "expert_weights_norm"
        case .leadingDenseLayers: "leading_dense_block_count"
        case .expertsPerGroup: "experts_per_group"
        case .expertGroupScale: "expert_group_scale"
        case .expertLimit: "swiglu_clamp_exp"
        case .sharedExpertLimit: "swiglu_clamp_shexp"
        case .xIELUAlphaN: "xielu.alpha_n"
        case .xIELUAlphaP: "xielu.alpha_p"
        case .xIELUBeta: "xielu.beta"
        case .xIELUEpsilon: "xielu.eps"
        }
    }

    /// Keys without the architecture's prefix.
    static let commonKeys: Set<ConfigKey> = [.xIELUAlphaN, .xIELUAlphaP, .xIELUBeta, .xIELUEpsilon]

    /// The names of a tensor without the part (".weight"), of which a file has one; the first is the usual one.
    static func tensors(_ role: TensorRole, in architecture: String?) -> [String] {
        if let names = architecture.flatMap({ ownModelNames[$0]?[role] }) { return names }
        return switch role {
        case .tokenEmbedding: ["token_embd"]
        case .tokenEmbeddingNorm: ["token_embd_norm"]
        case .positionEmbedding: ["position_embd"]
        case .outputNorm: ["output_norm"]
        case .output: ["output"]
        case .ropeFactors(.always): ["rope_freqs"]
        case .ropeFactors(.short): ["rope_factors_short"]
        case .ropeFactors(.long): ["rope_factors_long"]
        case .perLayerEmbedding: ["per_layer_token_embd"]
        case .perLayerProjection: ["per_layer_model_proj"]
        case .perLayerProjectionNorm: ["per_layer_proj_norm"]
        case .altUpProjection: ["altup_proj"]
        case .altUpUnembedding: ["altup_unembd_proj"]
        case .layer(let index, let role):
            (architecture.flatMap { ownNames[$0]?[role] } ?? [name(role)]).map { "blk.\(index).\($0)" }
        }
    }

    /// LFM2's norm before the output matrix is called that of the embeddings.
    private static let ownModelNames: [String: [TensorRole: [String]]] = ["lfm2", "lfm2moe"].reduce(into: [:]) {
        $0[$1] = [.outputNorm: ["token_embd_norm"], .tokenEmbeddingNorm: []]
    }

    /// Families that use another name for a role.
    private static let ownNames: [String: [LayerRole: [String]]] = [
        "arctic": [.expertsNorm: ["ffn_norm_exps"]],
        "cohere2": [.ffnNorm: []],
        "cohere2moe": [.ffnNorm: []],
        "command-r": [.ffnNorm: []],
        "dbrx": [.ffnNorm: ["attn_output_norm"]],
        "falcon": [.attentionNorm: ["attn_norm_2", "attn_norm"], .ffnNorm: ["attn_norm"]],
        "glm4moe": [.ffnNorm: ["post_attention_norm"]],
        "gpt-oss": [.ffnNorm: ["post_attention_norm"], .expertGateUp: []],
        "grok": [.postAttentionNorm: ["attn_output_norm"], .postFFNNorm: ["layer_output_norm", "post_ffw_norm"]],
        "lfm2": lfm2Names,
        "lfm2moe": lfm2Names,
        "nemotron_h": [.ffnNorm: ["attn_norm"]],
        "nemotron_h_moe": [.ffnNorm: ["attn_norm"]],
        "qwen35": [.ffnNorm: ["post_attention_norm"]],
        "qwen35moe": [.ffnNorm: ["post_attention_norm"]],
        "qwen3next": [.ffnNorm: ["post_attention_norm"]],
        "seed_oss": [.ffnNorm: ["post_attention_norm"]],
    ]

    private static let lfm2Names: [LayerRole: [String]] = [
        .mixerInput: ["shortconv.in_proj"], .mixerConvolution: ["shortconv.conv"], .mixerOutput: ["shortconv.out_proj"],
    ]

    private static func name(_ role: LayerRole) -> String {
        switch role {
        case .attentionNorm: "attn_norm"
        case .query: "attn_q"
        case .key: "attn_k"
        case .value: "attn_v"
        case .queryKeyValue: "attn_qkv"
        case .queryNorm: "attn_q_norm"
        case .keyNorm: "attn_k_norm"
        case .attentionGate: "attn_gate"
        case .attentionSinks: "attn_sinks"
        case .attentionSubNorm: "attn_sub_norm"
        case .attentionOutput: "attn_output"
        case .postAttentionNorm: "post_attention_norm"
        case .latentProjection: "attn_kv_a_mqa"
        case .latentNorm: "attn_kv_a_norm"
        case .latentExpansion: "attn_kv_b"
        case .latentKeyExpansion: "attn_k_b"
        case .latentValueExpansion: "attn_v_b"
        case .queryReduction: "attn_q_a"
        case .queryReductionNorm: "attn_q_a_norm"
        case .queryExpansion: "attn_q_b"
        case .mixerInput: "ssm_in"
        case .mixerQueryKeyValue: "attn_qkv"
        case .mixerGate: "attn_gate"
        case .mixerTimes: "ssm_alpha"
        case .mixerRates: "ssm_beta"
        case .mixerRatesAndTimes: "ssm_ba"
        case .mixerConvolution: "ssm_conv1d"
        case .mixerTimeBias: "ssm_dt"
        case .mixerDecayRates: "ssm_a"
        case .mixerSkips: "ssm_d"
        case .mixerNorm: "ssm_norm"
        case .mixerOutput: "ssm_out"
        case .ffnNorm: "ffn_norm"
        case .gate: "ffn_gate"
        case .up: "ffn_up"
        case .down: "ffn_down"
        case .ffnSubNorm: "ffn_sub_norm"
        case .activationDivisors: "ffn.act"
        case .postFFNNorm: "post_ffw_norm"
        case .router: "ffn_gate_inp"
        case .routerBias: "exp_probs_b"
        case .expertGate: "ffn_gate_exps"
        case .expertUp: "ffn_up_exps"
        case .expertGateUp: "ffn_gate_up_exps"
        case .expertDown: "ffn_down_exps"
        case .expertReduction: "ffn_latent_down"
        case .expertExpansion: "ffn_latent_up"
        case .sharedGate: "ffn_gate_shexp"
        case .sharedUp: "ffn_up_shexp"
        case .sharedDown: "ffn_down_shexp"
        case .sharedRouter: "ffn_gate_inp_shexp"
        case .groupExpertGate: "ffn_gate_chexps"
        case .groupExpertUp: "ffn_up_chexps"
        case .groupExpertDown: "ffn_down_chexps"
        case .denseOutputNorm: "post_ffw_norm_1"
        case .expertsNorm: "pre_ffw_norm_2"
        case .expertsOutputNorm: "post_ffw_norm_2"
        case .layerScale: "layer_output_scale"
        case .perLayerGate: "inp_gate"
        case .perLayerProjection: "proj"
        case .perLayerNorm: "post_norm"
        case .altUpRouter: "altup_router"
        case .altUpRouterNorm: "altup_router_norm"
        case .altUpPrediction: "altup_predict_coef"
        case .altUpCorrection: "altup_correct_coef"
        case .altUpScale: "altup_correct_scale"
        case .laurelLeft: "laurel_l"
        case .laurelRight: "laurel_r"
        case .laurelNorm: "laurel_post_norm"
        }
    }
}
