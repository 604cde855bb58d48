extension CheckpointFamilies {
    /// IBM's, Cohere's, AI2's, Microsoft's and Zhipu's lines.
    static let lines: [CheckpointFamily] = [
        CheckpointFamily(modelTypes: ["granite"], architecture: "granite") { reading throws(CheckpointError) in
            try reading.readActivation()
            reading.spec.ropeLayers = .all
        },
        CheckpointFamily(
            modelTypes: ["cohere2"], architecture: "cohere2", pairing: .adjacent
        ) { reading throws(CheckpointError) in
            let period = max(1, reading.config.integer("sliding_window_pattern") ?? 4)
            try reading.readWindows { ($0 + 1) % period != 0 }
        },
        CheckpointFamily(modelTypes: ["olmo2", "olmo3"], architecture: "olmo2", names: olmoNames, absent: [.ffnNorm]) {
            reading throws(CheckpointError) in
            try reading.readWindows(isEnabled: reading.config.modelType == "olmo3") { ($0 + 1) % 4 != 0 }
        },
        CheckpointFamily(modelTypes: ["phi3"], architecture: "phi3", names: [.up: "mlp.gate_up_proj"]) {
            reading throws(CheckpointError) in
            try reading.readActivation()
            try reading.readWindows { _ in true }
        },
        CheckpointFamily(
            modelTypes: ["glm4"], architecture: "glm4", pairing: .adjacent,
            names: [
                .postAttentionNorm: "post_self_attn_layernorm", .postFFNNorm: "post_mlp_layernorm",
                .up: "mlp.gate_up_proj",
            ]),
    ]

    private static let olmoNames: [LayerRole: String] = [
        .postAttentionNorm: "post_attention_layernorm", .postFFNNorm: "post_feedforward_layernorm",
    ]
}
