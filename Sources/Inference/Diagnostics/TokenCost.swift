/// The cost of a token, calculated from the shapes of a model's matrices, without norms, activations and the
/// floating-point work of attention.
package struct TokenCost: Sendable, Equatable {
    /// Bytes of weights read per decoded token: the matrices of all layers and the output matrix.
    package var weightBytes: Int
    /// Multiply-adds per prompt token: one for each weight of the layers.
    package var layerProducts: Int
    /// The same for the output matrix, which is needed only for a prompt's last token.
    package var outputProducts: Int

    fileprivate init(_ weights: ModelWeights) {
        weightBytes = weights.matrices.reduce(0) { $0 + $1.byteCount }
        layerProducts = weights.matrices.dropLast().reduce(0) { $0 + $1.weightCount }
        outputProducts = weights.output.matrix.weightCount
    }

    /// Multiply-adds in the matrix products of a prompt with `tokens` tokens.
    package func products(prompt tokens: Int) -> Int { tokens * layerProducts + outputProducts }
}

extension Model {
    package var tokenCost: TokenCost { TokenCost(weights) }
}

extension ModelConfig {
    /// Bytes of cached keys and values that the token at `position` (from 0) attends to, including its own.
    package func cacheBytesRead(at position: Int, type: KVCacheType) -> Int {
        let perLayer = KVCache.bytesPerToken(self, type: type) / layers
        return usesSlidingWindow.reduce(0) { $0 + perLayer * ($1 ? min(position + 1, slidingWindow) : position + 1) }
    }
}
