/// What GGUF calls the values of a configuration, after the family's prefix, and tensors. (The GGUF specification, and
/// `gguf-py/gguf/constants.py` of llama.cpp.)
enum GGUFNames {
    static func key(_ key: ConfigKey) -> String {
        switch key {
        case .layers: "block_count"
        case .hiddenSize: "embedding_length"
        case .ffnSize: "feed_forward_length"
        case .heads: "attention.head_count"
        case .kvHeads: "attention.head_count_kv"
        case .headDim: "attention.key_length"
        case .valueDim: "attention.value_length"
        case .contextLength: "context_length"
        case .normEpsilon: "attention.layer_norm_rms_epsilon"
        case .ropeDim: "rope.dimension_count"
        case .ropeBase: "rope.freq_base"
        case .localRoPEBase: "rope.freq_base_swa"
        case .ropeScalingType: "rope.scaling.type"
        case .ropeScalingFactor: "rope.scaling.factor"
        case .ropeScalingFactorOlder: "rope.scale_linear"
        case .ropeScalingMagnitude: "rope.scaling.attn_factor"
        case .ropeOriginalContext: "rope.scaling.original_context_length"
        case .yarnBetaFast: "rope.scaling.yarn_beta_fast"
        case .yarnBetaSlow: "rope.scaling.yarn_beta_slow"
        case .yarnLogMultiplier: "rope.scaling.yarn_log_multiplier"
        case .slidingWindow: "attention.sliding_window"
        case .slidingWindowPattern: "attention.sliding_window_pattern"
        case .attentionSoftCap: "attn_logit_softcapping"
        case .logitSoftCap: "final_logit_softcapping"
        }
    }

    /// Without the part (".weight").
    static func tensor(_ role: TensorRole) -> String {
        switch role {
        case .tokenEmbedding: "token_embd"
        case .outputNorm: "output_norm"
        case .output: "output"
        case .ropeFactors(.always): "rope_freqs"
        case .ropeFactors(.short): "rope_factors_short"
        case .ropeFactors(.long): "rope_factors_long"
        case .layer(let index, let role): "blk.\(index).\(tensor(role))"
        }
    }

    private static func tensor(_ role: LayerRole) -> String {
        switch role {
        case .attentionNorm: "attn_norm"
        case .query: "attn_q"
        case .key: "attn_k"
        case .value: "attn_v"
        case .queryKeyValue: "attn_qkv"
        case .queryNorm: "attn_q_norm"
        case .keyNorm: "attn_k_norm"
        case .attentionOutput: "attn_output"
        case .postAttentionNorm: "post_attention_norm"
        case .ffnNorm: "ffn_norm"
        case .gate: "ffn_gate"
        case .up: "ffn_up"
        case .down: "ffn_down"
        case .postFFNNorm: "post_ffw_norm"
        }
    }
}
