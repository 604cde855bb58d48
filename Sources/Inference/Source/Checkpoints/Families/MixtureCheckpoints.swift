extension CheckpointFamilies {
    /// Mixtures of experts that belong to no other line.
    static let mixtures: [CheckpointFamily] = [
        CheckpointFamily(
            modelTypes: ["mixtral"], architecture: "llama",
            names: [
                .router: "block_sparse_moe.gate", .expertGate: "block_sparse_moe.experts.*.w1",
                .expertUp: "block_sparse_moe.experts.*.w3", .expertDown: "block_sparse_moe.experts.*.w2",
            ]
        ) { reading throws(CheckpointError) in
            try reading.readActivation()
            try reading.readWindows { _ in true }
        },
        CheckpointFamily(
            modelTypes: ["glm4_moe"], architecture: "glm4moe",
            names: [
                .sharedGate: "mlp.shared_experts.gate_proj", .sharedUp: "mlp.shared_experts.up_proj",
                .sharedDown: "mlp.shared_experts.down_proj",
            ]),
        CheckpointFamily(
            modelTypes: ["gpt_oss"], architecture: "gpt-oss",
            names: [
                .router: "mlp.router", .expertGateUp: "mlp.experts.gate_up_proj", .expertDown: "mlp.experts.down_proj",
            ], layouts: [.expertGateUp: .transposedPairs, .expertDown: .transposed]
        ) { reading throws(CheckpointError) in
            reading.spec.attentionScale = .headDim
            try reading.readWindows { $0 % 2 == 0 }
        },
    ]
}
