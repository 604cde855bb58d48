/// Queries in two steps: a smaller vector, normalised, which the query matrix expands. (DeepSeek-AI 2024, "DeepSeek-V2")
struct QueryReduction {
    let projection: Linear  // [rank × E]
    let norm: Norm  // [rank]

    static func scratch(rank: Int) -> ScratchNeed { ScratchNeed([.latent: rank]) }

    /// Writes the queries of the pass's tokens to `query`.
    ///
    /// - Parameter expansion: [H·K × rank]
    func run(_ x: FloatBuffer, _ expansion: Linear, _ work: Workspace) throws(EngineError) {
        let reduced = work[.latent]
        try work.project(x, work.hiddenSize, (projection, reduced))
        norm.apply(work.compute, reduced.base, rows: work.count, into: reduced.base)
        try work.project(reduced, norm.size, (expansion, work[.query]))
    }
}
