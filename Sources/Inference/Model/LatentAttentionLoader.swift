/// Makes what is special to layers with latent attention.
extension LayerLoader {
    private var projectionScale: TensorReader.ScaleUse { spec.scales.contains(.projections) ? .product : .nothing }

    /// The matrix that computes queries, from the hidden state or from what `queryReduction` returns.
    func latentQuery(_ attention: AttentionConfig, _ tensors: LayerTensors) throws(ModelError) -> Linear {
        try tensors.linear(
            attention.queryRank == nil ? .query : .queryExpansion, rows: attention.querySize,
            cols: attention.queryRank ?? config.hiddenSize, scale: projectionScale)
    }

    func queryReduction(_ attention: AttentionConfig, _ tensors: LayerTensors) throws(ModelError) -> QueryReduction? {
        guard let rank = attention.queryRank else { return nil }
        return QueryReduction(
            projection: try tensors.linear(
                .queryReduction, rows: rank, cols: config.hiddenSize, scale: projectionScale),
            norm: try latentNorm(.queryReductionNorm, rank, tensors))
    }

    func latentKeys(
        _ attention: AttentionConfig, rank: Int, _ tensors: LayerTensors
    ) throws(ModelError) -> LatentKeys {
        let rotated = config.ropes.first?.dim ?? 0
        let parts = try reader.split(
            fused: tensors.role(.latentProjection), biases: [], rows: [rank, rotated], cols: config.hiddenSize,
            scale: projectionScale)
        let own = attention.headDim - rotated
        try checkParts(
            [
                (.latentKeyExpansion, [own, rank, attention.heads]),
                (.latentValueExpansion, [rank, attention.valueDim, attention.heads]),
            ], tensors)
        return LatentKeys(
            projection: parts[0], sharedKey: parts[1], norm: try latentNorm(.latentNorm, rank, tensors),
            expansion: try tensors.linear(
                .latentExpansion, rows: attention.heads * (own + attention.valueDim), cols: rank,
                scale: projectionScale))
    }

    private func latentNorm(_ role: LayerRole, _ size: Int, _ tensors: LayerTensors) throws(ModelError) -> Norm {
        var norm = config.norm
        if let epsilon = spec.latentNormEpsilon { norm.epsilon = epsilon }
        return try reader.norm(tensors.role(role), norm, size: size)
    }

    /// The source joins the parts of an expansion only if they fit each other.
    private func checkParts(
        _ parts: [(role: LayerRole, shape: [Int])], _ tensors: LayerTensors
    ) throws(ModelError) {
        guard parts.contains(where: { tensors.has($0.role) }) else { return }
        for (role, shape) in parts {
            guard let tensor = reader.source.tensor(tensors.role(role), .weight) else {
                throw .missingTensor(reader.source.spelling(tensors.role(role), .weight))
            }
            // With one head, files leave out the last dimension.
            let found = tensor.dimensions + Array(repeating: 1, count: max(0, shape.count - tensor.dimensions.count))
            guard found == shape else {
                throw .wrongShape(tensor: tensor.name, found: tensor.dimensions, expected: shape)
            }
        }
    }
}
