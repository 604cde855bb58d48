import CKernels

/// What one token costs, counted from the shapes of a model's matrices. Norms, activations and the attention's floating
/// point work are left out.
package struct TokenCost: Sendable, Equatable {
    /// Bytes of weights that decoding a token reads: every layer's matrices and the output matrix, each once.
    package var weightBytes: Int
    /// Multiplications with addition that a prompt token takes: one for each weight of the layers.
    package var layerProducts: Int
    /// The same of the output matrix, which only a prompt's last token needs.
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

    /// Multiplications with addition in the matrix products of a prompt of `tokens` tokens.
    package func products(prompt tokens: Int) -> Int { tokens * layerProducts + outputProducts }
}

extension Model {
    package var tokenCost: TokenCost { TokenCost(weights) }
}

extension ModelConfig {
    /// Bytes of cached keys and values that the token at `position` (from 0) attends to, its own included.
    package func cacheBytesRead(at position: Int, type: KVCacheType) -> Int {
        let perLayer = KVCache.bytesPerToken(self, type: type) / layers
        return usesSlidingWindow.reduce(0) { $0 + perLayer * ($1 ? min(position + 1, slidingWindow) : position + 1) }
    }
}

extension sotto_matrix {
    fileprivate var weightCount: Int { Int(rows * cols) }
    /// As the weights lie in the file.
    fileprivate var byteCount: Int {
        weightCount / Int(format.pointee.block_elements) * Int(format.pointee.block_bytes)
    }
}
