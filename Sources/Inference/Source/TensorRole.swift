/// What a tensor is for.
package enum TensorRole: Sendable, Hashable {
    case tokenEmbedding
    case outputNorm
    /// The output matrix; models without one use the embedding.
    case output
    /// Divisors of the RoPE frequencies.
    case ropeFactors(RoPEFactorSet)
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
    case queryNorm, keyNorm, attentionOutput, postAttentionNorm
    case ffnNorm, gate, up, down, postFFNNorm
}

/// The parts of a linear map, or of a norm.
package enum TensorPart: String, Sendable, Hashable {
    case weight, bias, scale
}
