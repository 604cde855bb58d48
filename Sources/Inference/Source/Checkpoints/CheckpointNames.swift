/// How checkpoints call the values of a configuration and tensors, unless their family says otherwise: as Llama's do.
enum CheckpointNames {
    static func keys(_ key: ConfigKey) -> [String] {
        switch key {
        case .layers: ["num_hidden_layers", "n_layer", "num_layers"]
        case .hiddenSize: ["hidden_size", "n_embd"]
        case .heads: ["num_attention_heads", "n_head"]
        case .kvHeads: ["num_key_value_heads"]
        case .headDim: ["head_dim"]
        case .contextLength: ["max_position_embeddings", "n_positions"]
        case .normEpsilon: ["rms_norm_eps"]
        case .layerNormEpsilon: ["layer_norm_eps", "layer_norm_epsilon", "norm_epsilon", "norm_eps"]
        case .ropeBase: ["rope_theta"]
        case .attentionSoftCap: ["attn_logit_softcapping"]
        case .logitSoftCap: ["final_logit_softcapping"]
        case .residualScale: ["residual_multiplier"]
        case .embeddingScale: ["embedding_multiplier"]
        case .attentionScale: ["attention_multiplier"]
        case .logitScale: ["logit_scale", "logits_scaling"]
        case .isParallel: ["use_parallel_residual"]
        case .latentRank: ["kv_lora_rank"]
        case .queryRank: ["q_lora_rank"]
        case .convolutionLength: ["linear_conv_kernel_dim"]
        case .stateHeads: ["linear_num_value_heads"]
        case .stateKeyHeads: ["linear_num_key_heads"]
        case .stateKeyDim: ["linear_key_head_dim"]
        case .fullAttentionInterval: ["full_attention_interval"]
        case .experts: ["num_experts", "num_local_experts", "n_routed_experts"]
        case .expertsUsed: ["num_experts_per_tok"]
        case .expertLatentSize: ["moe_latent_size"]
        case .expertGroups: ["n_group"]
        case .expertGroupsUsed: ["topk_group"]
        case .expertWeightsScale: ["routed_scaling_factor"]
        case .expertWeightsNormalization: ["norm_topk_prob"]
        case .leadingDenseLayers: ["first_k_dense_replace"]
        case .sharedKVLayers: ["num_kv_shared_layers"]
        default: []
        }
    }

    /// After the prefix of the language model; the output matrix has none.
    static func model(_ role: TensorRole) -> String? {
        switch role {
        case .tokenEmbedding: "embed_tokens"
        case .outputNorm: "norm"
        case .output: "lm_head"
        default: nil
        }
    }

    /// After the prefix of the layer. `*` stands for the number of an expert.
    static func layer(_ role: LayerRole) -> String? {
        switch role {
        case .attentionNorm: "input_layernorm"
        case .query: "self_attn.q_proj"
        case .key: "self_attn.k_proj"
        case .value: "self_attn.v_proj"
        case .queryKeyValue: "self_attn.qkv_proj"
        case .queryNorm: "self_attn.q_norm"
        case .keyNorm: "self_attn.k_norm"
        case .attentionSinks: "self_attn.sinks"
        case .latentProjection: "self_attn.kv_a_proj_with_mqa"
        case .latentNorm: "self_attn.kv_a_layernorm"
        case .latentExpansion: "self_attn.kv_b_proj"
        case .queryReduction: "self_attn.q_a_proj"
        case .queryReductionNorm: "self_attn.q_a_layernorm"
        case .queryExpansion: "self_attn.q_b_proj"
        case .attentionOutput: "self_attn.o_proj"
        case .ffnNorm: "post_attention_layernorm"
        case .gate: "mlp.gate_proj"
        case .up: "mlp.up_proj"
        case .down: "mlp.down_proj"
        case .router: "mlp.gate"
        case .routerBias: "mlp.gate.e_score_correction_bias"
        case .expertGate: "mlp.experts.*.gate_proj"
        case .expertUp: "mlp.experts.*.up_proj"
        case .expertDown: "mlp.experts.*.down_proj"
        case .expertGateUp: "mlp.experts.gate_up_proj"
        default: nil
        }
    }
}
