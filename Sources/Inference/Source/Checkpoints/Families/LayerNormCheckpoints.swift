extension CheckpointFamilies {
    /// Families with layer norms.
    static let layerNorms: [CheckpointFamily] = [
        CheckpointFamily(modelTypes: ["nemotron"], architecture: "nemotron", normOffset: 1) {
            reading throws(CheckpointError) in
            try reading.readActivation()
        },
        CheckpointFamily(
            modelTypes: ["stablelm"], architecture: "stablelm",
            names: [.queryNorm: "self_attn.q_layernorm.norms.*", .keyNorm: "self_attn.k_layernorm.norms.*"]
        ) { reading throws(CheckpointError) in
            try reading.readActivation()
            reading.spec.residual = reading.config.flag("use_parallel_residual") == true ? .parallel : .sequential
        },
        CheckpointFamily(
            modelTypes: ["starcoder2"], architecture: "starcoder2", names: [.up: "mlp.c_fc", .down: "mlp.c_proj"]
        ) { reading throws(CheckpointError) in
            try reading.readActivation()
            try reading.readWindows { _ in true }
        },
        CheckpointFamily(
            modelTypes: ["gpt2"], architecture: "gpt2",
            names: [
                .attentionNorm: "ln_1", .queryKeyValue: "attn.c_attn", .attentionOutput: "attn.c_proj",
                .ffnNorm: "ln_2", .up: "mlp.c_fc", .down: "mlp.c_proj",
            ],
            modelNames: [.tokenEmbedding: "wte", .positionEmbedding: "wpe", .outputNorm: "ln_f"], layerPrefix: "h.",
            layouts: [
                .queryKeyValue: .transposed, .attentionOutput: .transposed, .up: .transposed, .down: .transposed,
            ]
        ) { reading throws(CheckpointError) in
            try reading.readActivation("activation_function")
        },
    ]
}
