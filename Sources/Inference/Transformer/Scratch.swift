/// What the buffers of a pass hold. All layers share them.
enum ScratchRole: Int, CaseIterable {
    /// The residual stream, and what it was before a layer, for networks that read it.
    case residual, layerInput
    /// Other streams, their predictions, and what they are mixed with (AltUp). Or the embeddings, for layers that add them.
    case streams, predictions, mixing
    case normed
    case query, key, value, latent, attended, attentionGate
    /// Of linear attention. [tokens][heads], and two rates for a head.
    case timeSteps, decays, rates
    /// What a block adds to the residual stream, and what runs beside it adds.
    case projected, branch
    case gate, up
    case routerLogits, expertGate, expertUp, expertOutput
    case perLayerInputs, perLayerEmbeddings, perLayerGate
    /// Factors of rows.
    case factors
    /// Cosines and sines of RoPE.
    case rotations
}

/// How many floats per token of a pass each buffer holds. Every part of a layer states its own need, from which the
/// buffers are made and the memory is predicted.
struct ScratchNeed {
    private var floats = [Int](repeating: 0, count: ScratchRole.allCases.count)

    init(_ needs: [ScratchRole: Int] = [:]) {
        for (role, count) in needs { floats[role.rawValue] = count }
    }

    /// The need of parts that run one after the other.
    mutating func form(with other: ScratchNeed) {
        for index in floats.indices { floats[index] = max(floats[index], other.floats[index]) }
    }

    subscript(role: ScratchRole) -> Int { floats[role.rawValue] }

    var floatsPerToken: Int { floats.reduce(0, +) }
}
