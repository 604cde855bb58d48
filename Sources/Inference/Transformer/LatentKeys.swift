import CKernels

/// Keys and values that are expanded from a latent vector; all heads share the rotated part of their keys. (DeepSeek-AI
/// 2024, "multi-head latent attention", without absorbing the expansion: as PLM uses it)
struct LatentKeys {
    let projection: Linear  // [rank × E]
    let sharedKey: Linear  // [rotated × E]
    let norm: Norm  // [rank]
    /// Per head, the rows of its key without the rotated part and those of its value. [H·(K − rotated + V) × rank]
    let expansion: Linear

    static func scratch(_ config: AttentionConfig, rank: Int) -> ScratchNeed {
        ScratchNeed([
            .value: rank, .latent: config.heads * (config.headDim + config.valueDim), .branch: config.headDim,
        ])
    }

    /// Writes the keys and values of the pass's tokens to `key` and `value`.
    func run(
        _ x: FloatBuffer, _ config: AttentionConfig, _ pairing: ArchitectureSpec.RoPEPairing?, _ work: Workspace
    ) throws(EngineError) {
        let (latent, shared, expanded) = (work[.value], work[.branch], work[.latent])
        try work.project(x, work.hiddenSize, (projection, latent), (sharedKey, shared))
        norm.apply(work.compute, latent.base, rows: work.count, into: latent.base)
        let rotated = Int(sharedKey.matrix.rows)
        if let pairing, let rope = config.rope {
            work.rotation(rope).rotate(
                shared.base, pairing, heads: 1, headDim: rotated, tokens: work.count, work.compute)
        }
        try work.project(latent, norm.size, (expansion, expanded))
        let own = config.headDim - rotated
        let (keys, values) = (work[.key].base, work[.value].base)
        for token in 0..<work.count {
            for head in 0..<config.heads {
                let index = token * config.heads + head
                let source = expanded.base + index * (own + config.valueDim)
                let key = keys + index * config.headDim
                key.update(from: source, count: own)
                (key + own).update(from: shared.base + token * rotated, count: rotated)
                (values + index * config.valueDim).update(from: source + own, count: config.valueDim)
            }
        }
    }
}
