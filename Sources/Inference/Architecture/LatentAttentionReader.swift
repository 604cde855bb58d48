/// Reads what is special to models with latent attention.
extension ConfigReader {
    /// nil for layers with ordinary keys and values.
    func latentRank(layer: Int) throws(ModelError) -> Int? {
        let hasLatent = source.tensor(.layer(layer, .latentProjection), .weight) != nil
        guard hasLatent || (source.value(.latentRank) ?? .integer(0)) != .integer(0) else { return nil }
        return try int(.latentRank, in: 1...65_536)
    }

    /// nil for layers whose queries are computed in one step.
    func queryRank(layer: Int) throws(ModelError) -> Int? {
        let hasQuery = source.tensor(.layer(layer, .query), .weight) != nil
        guard !hasQuery else { return nil }
        let rank = try int(.queryRank, in: 0...65_536, default: 0)
        return rank == 0 ? nil : rank
    }

    // MARK: YaRN

    /// The factor of attention's scale in families that have YaRN's magnitude in it. As in llama.cpp, linear scaling has
    /// one, too.
    func deepSeekFactor(_ scaling: RoPEScaling?) throws(ModelError) -> Float {
        guard let scaling else { return 1 }
        var magnitude = scaling.fullMagnitude * scaling.yarnMagnitude(try deepSeekMultiplier())
        if scaling.kind == .linear { magnitude *= scaling.yarnMagnitude(1) }
        return Float(magnitude * magnitude)
    }

    /// The multiplier of the logarithm in the magnitude that YaRN's own is divided by.
    func yarnLogMultiplier(_ spec: ArchitectureSpec) throws(ModelError) -> Double {
        guard case .headDimAndYaRN = spec.attentionScale else {
            return try double(.yarnLogMultiplier, in: 0...1e3, default: 0)
        }
        // Any multiplier of attention's scale means that cosines and sines have no magnitude but the configured one.
        return try deepSeekMultiplier() == 0 ? 0 : 1
    }

    /// Of attention's scale. Files have a tenth of it.
    private func deepSeekMultiplier() throws(ModelError) -> Double {
        try double(.yarnLogMultiplier, in: -1e3...1e3, default: 0) * 10
    }
}
