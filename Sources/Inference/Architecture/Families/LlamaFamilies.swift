extension Architectures {
    /// Llama and what follows its plan.
    static let llama: [ArchitectureSpec] = [
        // Llama 1 to 3, Mistral, Mixtral, SmolLM and all other models that converters label "llama".
        ArchitectureSpec(
            name: "llama", rope: .adjacent, experts: .init(normalizesWeights: true, isGateOptional: true), scales: .all),
        ArchitectureSpec(
            name: "llama4", rope: .adjacent, ropeLayers: .exceptLast(of: 4), queryKeyNorms: .withoutWeightsAfterRoPE,
            temperature: .withoutRoPE(scale: 0.1, floor: 8192, offset: 1),
            slidingWindow: .init(pattern: 4, defaultLength: 8192, fixedLength: 8192, isChunked: true),
            experts: .init(gating: .fixed(.sigmoid), weightsInputs: true)),
        ArchitectureSpec(
            name: "mistral3", rope: .adjacent, temperature: .configured,
            experts: .init(normalizesWeights: true, isGateOptional: true), scales: .all),
        ArchitectureSpec(name: "arcee", rope: .adjacent, activation: .reluSquared, isGated: false),
        ArchitectureSpec(name: "apertus", queryKeyNorms: .required, activation: .xIELU, isGated: false),
        ArchitectureSpec(
            name: "bitnet", alwaysTiesEmbeddings: true, scales: .all),
        // Layers differ in heads and sizes; some have no attention, or a matrix instead.
        ArchitectureSpec(name: "deci", rope: .adjacent, hasEmptyLayers: true),
        ArchitectureSpec(name: "exaone"),
        ArchitectureSpec(
            name: "exaone4", ropeLayers: .windowed, blockNorms: .after, queryKeyNorms: .required,
            slidingWindow: .init(pattern: 4, defaultLength: 4096, onlyInModelsOfLayers: 64, ropeBase: .same)),
        ArchitectureSpec(name: "internlm2", rope: .adjacent),
        ArchitectureSpec(name: "maincoder", rope: .adjacent, queryKeyNorms: .afterRoPE),
        ArchitectureSpec(
            name: "minicpm", rope: .adjacent, residualScale: .configuredByDepth,
            embeddingScale: .configured(default: 12), experts: .init(normalizesWeights: true, isGateOptional: true),
            logitScale: .divideByWidth),
        ArchitectureSpec(
            name: "muse-glimmer", rope: .adjacent, ropeLayers: .onlyWindowed, blockNorms: .beforeAndAfter,
            postNormEpsilon: 1e-8, normalizesEmbeddings: true, queryKeyNorms: .required,
            slidingWindow: .init(pattern: 4, ropeScaling: .frequenciesUnscaled), logitScale: .multiply(default: nil),
            logitSoftCap: 30),
        ArchitectureSpec(name: "nanbeige", rope: .adjacent, repeatsLayers: true, scales: .all),
        // Layers differ in heads and sizes.
        ArchitectureSpec(
            name: "openelm", queryKeyNorms: .required, alwaysTiesEmbeddings: true, scales: [.attentionOutput, .output]),
        ArchitectureSpec(name: "pangu-embedded", usesRoPEFactors: false),
        ArchitectureSpec(name: "seed_oss"),
        ArchitectureSpec(name: "smollm3", rope: .adjacent, ropeLayers: .exceptLast(of: 4)),
        ArchitectureSpec(
            name: "spark2_5", slidingWindow: .init(pattern: 1), activation: .geluTanh,
            scales: [.projections, .attentionOutput]),
        ArchitectureSpec(
            name: "talkie", norm: .rmsWithoutWeights, normalizesEmbeddings: true, addsEmbeddings: true,
            queryKeyNorms: .headFactorsAfterRoPE, logitScale: .multiply(default: nil),
            scales: [.projections, .attentionOutput, .down]),
        ArchitectureSpec(name: "xverse", rope: .adjacent),
    ]

    /// Baidu, Tencent and Zhipu.
    static let ernieGLMHunyuan: [ArchitectureSpec] = [
        ArchitectureSpec(
            name: "baichuan", rope: .adjacent, ropeLayers: .inModels(ofLayers: 32),
            alibi: .inModels(ofLayers: 40, bias: 8)),
        ArchitectureSpec(name: "chatglm", rope: .adjacent),
        ArchitectureSpec(name: "ernie4_5", rope: .adjacent, ignoredBiases: .attentionOutput),
        ArchitectureSpec(
            name: "ernie4_5-moe", rope: .adjacent, experts: .init(normalizesWeights: true, isGateOptional: true),
            ignoredBiases: .attentionOutput),
        ArchitectureSpec(
            name: "glm4", rope: .adjacentWithoutSections, ropeSections: .blocks, blockNorms: .beforeAndAfter),
        ArchitectureSpec(
            name: "glm4moe", ropeSections: .blocks, queryKeyNorms: .optional,
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true)),
        ArchitectureSpec(name: "hunyuan-dense", queryKeyNorms: .afterRoPE),
        ArchitectureSpec(name: "hunyuan_vl", ropeSections: .blocks, queryKeyNorms: .afterRoPE),
        ArchitectureSpec(name: "hunyuan-moe", queryKeyNorms: .afterRoPE, experts: .init(normalizesWeights: true)),
        ArchitectureSpec(
            name: "hy_v3", queryKeyNorms: .required,
            experts: .init(gating: .configured(default: .sigmoid), isNormalizationConfigured: true), scales: .all),
        // The text side.
        ArchitectureSpec(name: "paddleocr", ropeSections: .blocks),
    ]
}
