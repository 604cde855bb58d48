/// The cost of a token, calculated from the shapes of a model's matrices, without norms, activations and the
/// floating-point work of attention. Of experts, only those that a token uses count.
package struct TokenCost: Sendable, Equatable {
    /// Bytes of weights read per decoded token: the matrices of all layers and the output matrix.
    package var weightBytes: Int
    /// Multiply-adds per prompt token: one for each weight of the layers.
    package var layerProducts: Int
    /// The same for the output matrix, which is needed only for a prompt's last token.
    package var outputProducts: Int

    fileprivate init(_ weights: ModelWeights) {
        let shares = weights.layers.flatMap { layer in layer.feedForward?.stackShares ?? [] }
        weightBytes =
            weights.matrices.reduce(0) { $0 + $1.byteCount }
            + shares.reduce(0) { $0 + $1.used * $1.stack.matrix.byteCount }
        layerProducts =
            weights.matrices.dropLast().reduce(0) { $0 + $1.weightCount }
            + shares.reduce(0) { $0 + $1.used * $1.stack.matrix.weightCount }
        outputProducts = weights.output.matrix.weightCount
    }

    /// - Parameter outputWeights: of the output matrix.
    fileprivate init(_ use: WeightUse, outputWeights: Int) {
        weightBytes = use.activeBytes
        outputProducts = outputWeights
        // Besides the output matrix, the token embedding is in no product.
        layerProducts = max(0, use.activeParameters - 2 * outputWeights)
    }

    /// Multiply-adds in the matrix products of a prompt with `tokens` tokens.
    package func products(prompt tokens: Int) -> Int { tokens * layerProducts + outputProducts }
}

extension Model {
    package var tokenCost: TokenCost {
        switch computation {
        case .transformer(let transformer): TokenCost(transformer.weights)
        case .export(let export):
            TokenCost(export.weightUse, outputWeights: summary.vocabularyCount * summary.hiddenSize)
        }
    }
}
