extension Architectures {
    /// IBM's, Cohere's, AI2's, Microsoft's and Preferred Networks' lines.
    static let lines: [ArchitectureSpec] = [
        ArchitectureSpec(
            name: "granite", rope: .adjacent, ropeLayers: .ifTrained, residualScale: .configured(default: 1),
            embeddingScale: .configured(default: 1), attentionScale: .configured,
            experts: .init(normalizesWeights: true, isGateOptional: true), logitScale: .divide(default: nil)),
        ArchitectureSpec(
            name: "granitemoe", rope: .adjacent, residualScale: .configured(default: 1),
            embeddingScale: .configured(default: 1), attentionScale: .configured,
            experts: .init(normalizesWeights: true, isGateOptional: true), logitScale: .divide(default: nil)),
        ArchitectureSpec(
            name: "granite_swa", rope: .adjacent, ropeLayers: .listed, residualScale: .configured(default: 1),
            embeddingScale: .configured(default: 1), attentionScale: .configured,
            slidingWindow: .init(pattern: 1, ropeBase: .same), experts: .init(normalizesWeights: true),
            logitScale: .divide(default: nil)),
        ArchitectureSpec(
            name: "command-r", rope: .adjacent, norm: .layer, residual: .parallel, queryKeyNorms: .optional,
            logitScale: .multiply(default: 1), alwaysTiesEmbeddings: true),
        ArchitectureSpec(
            name: "cohere2", rope: .adjacent, ropeLayers: .onlyWindowed, norm: .layer, residual: .parallel,
            slidingWindow: .init(pattern: 4, ropeBase: .same),
            logitScale: .multiply(default: nil), alwaysTiesEmbeddings: true, scales: .all),
        ArchitectureSpec(
            name: "cohere2moe", rope: .adjacent, ropeLayers: .windowedOrLeadingDense, norm: .configured,
            residual: .parallel, slidingWindow: .init(pattern: 4, startsFull: true, ropeBase: .same),
            experts: .init(
                gating: .configured(default: .sigmoid), isNormalizationConfigured: true, sumFactor: 0.5),
            logitScale: .multiply(default: nil), scales: [.projections, .attentionOutput, .gateAndUp, .down]),
        ArchitectureSpec(name: "olmo", rope: .adjacent, norm: .layerWithoutWeights, clampsProjections: true),
        ArchitectureSpec(
            name: "olmo2", blockNorms: .after, queryKeyNorms: .required,
            slidingWindow: .init(pattern: 4, ropeBase: .same, ropeScaling: .none)),
        ArchitectureSpec(name: "olmoe", queryKeyNorms: .required),
        ArchitectureSpec(
            name: "phi2", norm: .layer, residual: .parallel, activation: .geluTanh, isGated: false),
        // Phi 3 and 3.5. Published files specify a sliding window, but the reference implementation does not use it either.
        ArchitectureSpec(name: "phi3"),
        ArchitectureSpec(name: "phimoe", norm: .rmsWithBias, experts: .init(normalizesWeights: true)),
        ArchitectureSpec(name: "plamo", residual: .parallel),
        ArchitectureSpec(
            name: "plamo3", blockNorms: .beforeAndAfter, queryKeyNorms: .required,
            slidingWindow: .init(
                pattern: 8, ropeBase: .configured(default: 10_000), ropeScaling: .frequenciesUnscaled),
            scales: [.attentionOutput, .output]),
        // Keys and values from a latent vector.
        ArchitectureSpec(
            name: "plm", rope: .adjacent, activation: .reluSquared, isGated: false, alwaysTiesEmbeddings: true,
            scales: [.attentionOutput, .output]),
    ]

    /// Families with layer norms, and those without RoPE.
    static let layerNorms: [ArchitectureSpec] = [
        ArchitectureSpec(
            name: "bloom", rope: nil, alibi: .bias(8), norm: .layer, activation: .geluTanh, isGated: false),
        ArchitectureSpec(name: "codeshell", norm: .layer, activation: .geluTanh, isGated: false),
        ArchitectureSpec(name: "falcon", norm: .layer, residual: .parallel, activation: .geluTanh, isGated: false),
        ArchitectureSpec(name: "gpt2", rope: nil, norm: .layer, activation: .geluTanh, isGated: false),
        ArchitectureSpec(name: "gptneox", norm: .layer, residual: .configured, activation: .geluTanh, isGated: false),
        ArchitectureSpec(
            name: "jais", rope: nil, alibi: .configured, norm: .layer, attentionScale: .inverseHeadDim),
        ArchitectureSpec(name: "jais2", norm: .layer, activation: .reluSquared, isGated: false),
        ArchitectureSpec(
            name: "mpt", rope: nil, alibi: .configured, norm: .layer, queryKeyNorms: .optionalPair,
            clampsProjections: true, activation: .geluTanh, isGated: false),
        ArchitectureSpec(name: "nemotron", norm: .layer, activation: .reluSquared, isGated: false),
        ArchitectureSpec(name: "orion", norm: .layer),
        ArchitectureSpec(name: "refact", rope: nil, alibi: .bias(8), ignoredBiases: [.attentionOutput, .feedForward]),
        ArchitectureSpec(
            name: "stablelm", norm: .layer, residual: .parallelWithoutNorm, queryKeyNorms: .optional),
        ArchitectureSpec(name: "starcoder", rope: nil, norm: .layer, activation: .geluTanh, isGated: false),
        ArchitectureSpec(name: "starcoder2", norm: .layer, activation: .geluTanh, isGated: false),
    ]
}
