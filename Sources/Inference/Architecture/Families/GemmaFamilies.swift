extension Architectures {
    static let gemma: [ArchitectureSpec] = [
        ArchitectureSpec(
            name: "gemma", embeddingScale: .rootOfHiddenSize, activation: .geluTanh, alwaysTiesEmbeddings: true),
        ArchitectureSpec(
            name: "gemma2", blockNorms: .beforeAndAfter, embeddingScale: .rootOfHiddenSize,
            attentionScale: .hiddenSizePerHead(inModelsOfLayers: 46),  // the 27 B
            attentionSoftCap: 50, slidingWindow: .init(pattern: 2, defaultLength: 4096), activation: .geluTanh,
            logitSoftCap: 30, alwaysTiesEmbeddings: true),
        ArchitectureSpec(
            name: "gemma3", blockNorms: .beforeAndAfter, embeddingScale: .rootOfHiddenSize, queryKeyNorms: .required,
            attentionScale: .hiddenSizePerHead(inModelsOfLayers: 62),  // the 27 B
            slidingWindow: .init(
                pattern: 6, ropeBase: .configured(default: 10_000), ropeScaling: .frequenciesUnscaled),
            activation: .geluTanh, logitSoftCap: 0),
        ArchitectureSpec(
            name: "gemma3n", blockNorms: .beforeAndAfter, embeddingScale: .rootOfHiddenSize,
            queryKeyNorms: .required, normalizesValues: true, attentionScale: .fixed(1),
            slidingWindow: .init(
                pattern: 5, ropeBase: .configured(default: 10_000), ropeScaling: .frequenciesUnscaled),
            sharedKeyValues: .from(layer: 20), activation: .geluTanh,
            activationCutOff: .init(layers: 10, deviations: 1.6448533535), perLayerEmbeddings: true, altUp: true,
            logitSoftCap: 30),
        ArchitectureSpec(
            name: "gemma4", blockNorms: .beforeAndAfter, embeddingScale: .rootOfHiddenSize,
            queryKeyNorms: .required, normalizesValues: true, attentionScale: .fixed(1),
            slidingWindow: .init(
                pattern: 6, ropeBase: .configured(default: 10_000), ropeScaling: .frequenciesUnscaled,
                usesRoPEFactors: false),
            sharedKeyValues: .configured, activation: .geluTanh,
            experts: .init(normalizesWeights: true, routerInput: .scaledResidual, hasDense: true),
            perLayerEmbeddings: true, logitSoftCap: 30, scales: .all),
    ]
}
