import CKernels

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
        let layers = weights.layers.flatMap {
            [$0.query, $0.key, $0.value, $0.output, $0.gate, $0.up, $0.down].map(\.matrix)
        }
        let output = weights.output.matrix
        weightBytes = (layers + [output]).reduce(0) { $0 + $1.byteCount }
        layerProducts = layers.reduce(0) { $0 + $1.weightCount }
        outputProducts = output.weightCount
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

extension sotto_matrix {
    fileprivate var weightCount: Int { Int(rows * cols) }
    /// As stored in the file.
    fileprivate var byteCount: Int {
        weightCount / Int(format.pointee.block_elements) * Int(format.pointee.block_bytes)
    }
}
