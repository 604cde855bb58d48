extension Architectures {
    /// Models of which most layers have a state of fixed size. (Qwen's are with the others of their line.)
    static let recurrent: [ArchitectureSpec] = [
        // If there are windows, all layers with attention have them.
        ArchitectureSpec(
            name: "lfm2", queryKeyNorms: .required, slidingWindow: .init(pattern: 0, ropeBase: .same),
            recurrence: .convolution),
        ArchitectureSpec(
            name: "lfm2moe", queryKeyNorms: .required, recurrence: .convolution,
            experts: .init(gating: .configured(default: .sigmoid), normalizesWeights: true)),
        ArchitectureSpec(name: "mamba2", rope: nil, hasSingleBlocks: true, recurrence: .mamba2),
        ArchitectureSpec(
            name: "nemotron_h", rope: nil, hasSingleBlocks: true, recurrence: .mamba2, activation: .reluSquared,
            isGated: false, scales: .all),
        ArchitectureSpec(
            name: "nemotron_h_moe", rope: nil, hasSingleBlocks: true, recurrence: .mamba2, activation: .reluSquared,
            isGated: false,
            experts: .init(gating: .fixed(.sigmoid), isNormalizationConfigured: true), scales: .all),
    ]
}
