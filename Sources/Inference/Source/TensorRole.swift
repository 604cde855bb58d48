/// What a tensor is for.
package enum TensorRole: Sendable, Hashable {
    case tokenEmbedding
    case tokenEmbeddingNorm
    /// Learned vectors of the positions.
    case positionEmbedding
    case outputNorm
    /// The output matrix; models without one use the embedding.
    case output
    /// Divisors of the RoPE frequencies.
    case ropeFactors(RoPEFactorSet)
    case perLayerEmbedding, perLayerProjection, perLayerProjectionNorm
    case altUpProjection, altUpUnembedding
    case layer(Int, LayerRole)

    package enum RoPEFactorSet: Sendable, Hashable, CaseIterable {
        case always, short, long
    }
}

/// What a tensor of a layer is for.
package enum LayerRole: Sendable, Hashable, CaseIterable {
    case attentionNorm, query, key, value
    /// The rows of query, key and value in one matrix.
    case queryKeyValue
    case queryNorm, keyNorm, attentionGate, attentionSinks, attentionSubNorm, attentionOutput, postAttentionNorm
    /// Keys and values from a latent vector (PLM, DeepSeek): its projection, its norm, and the matrix that expands it.
    case latentProjection, latentNorm, latentExpansion
    /// The same matrix in two parts, as most GGUF files have it.
    case latentKeyExpansion, latentValueExpansion
    /// Queries from a smaller vector: the matrix that computes it, its norm, and the matrix that expands it.
    case queryReduction, queryReductionNorm, queryExpansion
    /// The gates and the input of a convolution, or query, key, value and gate of linear attention, in one matrix.
    case mixerInput
    /// The rows of query, key and value of linear attention in one matrix, its gate, time steps and rates.
    case mixerQueryKeyValue, mixerGate, mixerTimes, mixerRates
    /// The rows of rates and time steps of each key head.
    case mixerRatesAndTimes
    case mixerConvolution, mixerTimeBias, mixerDecayRates, mixerSkips, mixerNorm, mixerOutput
    case ffnNorm, gate, up, down, ffnSubNorm, activationDivisors, postFFNNorm
    case router, routerBias, expertGate, expertUp, expertGateUp, expertDown
    /// Projections before and after experts of another size.
    case expertReduction, expertExpansion
    case sharedGate, sharedUp, sharedDown, sharedRouter
    case groupExpertGate, groupExpertUp, groupExpertDown
    /// Norms of the dense network and of the experts that run beside it.
    case denseOutputNorm, expertsNorm, expertsOutputNorm
    case layerScale
    case perLayerGate, perLayerProjection, perLayerNorm
    case altUpRouter, altUpRouterNorm, altUpPrediction, altUpCorrection, altUpScale
    case laurelLeft, laurelRight, laurelNorm
}

/// The parts of a linear map, or of a norm.
package enum TensorPart: String, Sendable, Hashable {
    case weight, bias, scale
    /// Of the activations of some quantized models (MPT).
    case divisors = "scales"
}
