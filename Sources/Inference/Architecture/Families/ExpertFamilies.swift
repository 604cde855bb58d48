extension Architectures {
    /// Mixtures of experts that belong to no other line.
    static let mixtures: [ArchitectureSpec] = [
        ArchitectureSpec(
            name: "afmoe", ropeLayers: .exceptLast(of: 4), blockNorms: .beforeAndAfter,
            embeddingScale: .rootOfHiddenSize, queryKeyNorms: .required, slidingWindow: .init(pattern: 4),
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "arctic", rope: .adjacent,
            experts: .init(normalizesWeights: true, hasDense: true, readsLayerInput: true)),
        ArchitectureSpec(
            name: "bailingmoe", rope: .adjacent, attentionScale: .ropeDim,
            experts: .init(isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "bailingmoe2", queryKeyNorms: .required,
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "dbrx", norm: .layer, clampsProjections: true, experts: .init(normalizesWeights: true)),
        ArchitectureSpec(name: "deepseek", rope: .adjacent),
        // DeepSeek V2 and V3, and what follows them: keys, values and mostly queries from latent vectors.
        ArchitectureSpec(
            name: "deepseek2", rope: .adjacent, attentionScale: .headDimAndYaRN, temperature: .configuredWithFloor,
            experts: .init(gating: .configured(default: .softmax), isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "dots1", queryKeyNorms: .required,
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "exaone-moe", ropeLayers: .onlyWindowed, queryKeyNorms: .required,
            slidingWindow: .init(pattern: 4, defaultLength: 128, ropeBase: .same),
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "gpt-oss", attentionScale: .ropeDim, slidingWindow: .init(pattern: 2),
            activation: .clampedSwiGLU(alpha: 1.702, limit: 7), experts: .init(gating: .fixed(.softmaxOfChosen))),
        ArchitectureSpec(
            name: "grok", defaultYaRNBetaFast: 8, readsYaRNMix: true, blockNorms: .beforeAndAfter,
            embeddingScale: .configured(default: 78.383671769),
            attentionScale: .configuredOutput(default: 0.0883883476), attentionSoftCap: 30, activation: .geluTanh,
            experts: .init(
                normalizesWeights: true, isGateOptional: true, hasDense: true, sumFactor: Float(0.5).squareRoot()),
            logitScale: .multiply(default: 0.5773502692), logitSoftCap: 0),
        ArchitectureSpec(
            name: "grovemoe", queryKeyNorms: .required,
            experts: .init(normalizesWeights: true, hasGroupExperts: true)),
        ArchitectureSpec(
            name: "laguna", queryKeyNorms: .required,
            slidingWindow: .init(pattern: 4, startsFull: true, ropeScaling: .none), attentionGate: .softplus,
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
        ArchitectureSpec(
            name: "maple", ropeLayers: .onlyWindowed, queryKeyNorms: .required, slidingWindow: .init(pattern: 1),
            activation: .siluOfLimited, experts: .init(normalizesWeights: true)),
        ArchitectureSpec(
            name: "mellum", queryKeyNorms: .required,
            slidingWindow: .init(pattern: 4, ropeBase: .same, ropeScaling: .none),
            experts: .init(normalizesWeights: true), scales: .all),
        ArchitectureSpec(
            name: "mimo2",
            slidingWindow: .init(
                pattern: 1, ropeBase: .configured(default: 10_000), ropeScaling: .frequenciesUnscaled),
            scalesValues: true, experts: .init(gating: .fixed(.sigmoid), normalizesWeights: true),
            scales: [.attentionOutput, .output], ignoredBiases: .projections),
        ArchitectureSpec(
            name: "minimax-m2", queryKeyNorms: .required,
            experts: .init(gating: .configured(default: .sigmoid), normalizesWeights: true)),
        ArchitectureSpec(
            name: "smallthinker", ropeLayers: .exceptFirst(of: 4),
            slidingWindow: .init(pattern: 4, startsFull: true, fixedLength: 4096), activation: .relu,
            experts: .init(
                gating: .configured(default: .softmax), normalizesWeights: true, routerInput: .layerInput)),
        ArchitectureSpec(
            name: "step35", halvesRoPEDim: true, queryKeyNorms: .optional,
            slidingWindow: .init(
                pattern: 1, ropeBase: .configured(default: 10_000), ropeScaling: .frequenciesUnscaled,
                usesRoPEFactors: false),
            activation: .limitedSiLU,
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
    ]
}
