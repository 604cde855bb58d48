extension Architectures {
    /// Of the models that see, the text side: for text, their three axes of positions are the same.
    static let qwen: [ArchitectureSpec] = [
        ArchitectureSpec(name: "qwen"),
        ArchitectureSpec(name: "qwen2"),
        ArchitectureSpec(name: "qwen2moe"),
        ArchitectureSpec(name: "qwen2vl", ropeSections: .blocks, ignoredBiases: .output),
        ArchitectureSpec(name: "qwen3", queryKeyNorms: .required, scales: .all),
        ArchitectureSpec(
            name: "qwen3moe", queryKeyNorms: .required, experts: .init(normalizesWeights: true), scales: .all),
        ArchitectureSpec(name: "qwen3vl", ropeSections: .interleaved, queryKeyNorms: .required),
        ArchitectureSpec(
            name: "qwen3vlmoe", ropeSections: .interleaved, queryKeyNorms: .required,
            experts: .init(normalizesWeights: true)),
        ArchitectureSpec(
            name: "qwen3next", queryKeyNorms: .required, hasGateInQuery: true,
            recurrence: .deltaNetwork(tilesHeads: false), experts: .init(normalizesWeights: true),
            scales: ArchitectureSpec.ScaledMatrices.all.subtracting(.mixer)),
        ArchitectureSpec(
            name: "qwen35", ropeSections: .interleaved, queryKeyNorms: .required, hasGateInQuery: true,
            recurrence: .deltaNetwork(tilesHeads: true), scales: .all),
        ArchitectureSpec(
            name: "qwen35moe", ropeSections: .interleaved, queryKeyNorms: .required, hasGateInQuery: true,
            recurrence: .deltaNetwork(tilesHeads: true), experts: .init(normalizesWeights: true), scales: .all),
    ]
}
