import GGUF

/// The hyperparameters of a model, read from its metadata and checked for consistency.
package struct ModelConfig: Sendable {
    package var layers: Int
    /// Width of the residual stream.
    package var hiddenSize: Int
    /// Width of the feed-forward network.
    package var ffnSize: Int
    package var heads: Int
    /// Divides `heads`.
    package var kvHeads: Int
    /// Elements per query and key head.
    package var headDim: Int
    /// Elements per value head.
    package var valueDim: Int
    /// Elements of each head that RoPE rotates; even.
    package var ropeDim: Int
    package var normEpsilon: Float
    package var trainedContext: Int
    package var ropeBase: Double
    package var ropeScaling: RoPEScaling
    /// The same for layers with a sliding window.
    package var localRoPEBase: Double
    package var localRoPEScaling: RoPEScaling
    /// The context length up to which LongRoPE's short factors are used.
    package var originalContext: Int
    /// Length of the sliding window; 0 if no layer has one.
    package var slidingWindow: Int
    /// Which layers use the sliding window; [layers].
    package var usesSlidingWindow: [Bool]
    package var attentionScale: Float
    /// 0 for none.
    package var attentionSoftCap: Float
    /// 0 for none.
    package var logitSoftCap: Float
    package var embeddingScale: Float

    package init(_ spec: ArchitectureSpec, _ metadata: GGUFMetadata) throws(ModelError) {
        let reader = MetadataReader(metadata: metadata, prefix: spec.name)
        layers = try reader.int("block_count", in: 1...1024)
        hiddenSize = try reader.int("embedding_length", in: 1...131_072)
        ffnSize = try reader.int("feed_forward_length", in: 1...1_048_576)
        heads = try reader.int("attention.head_count", in: 1...1024)
        kvHeads = try reader.int("attention.head_count_kv", in: 1...1024, default: heads)
        guard heads % kvHeads == 0 else {
            throw reader.invalid("attention.head_count_kv", found: "\(kvHeads)", expected: "a divisor of \(heads)")
        }
        let hiddenSizePerHead = hiddenSize / heads
        headDim = try reader.int("attention.key_length", in: 2...1024, default: hiddenSizePerHead)
        valueDim = try reader.int("attention.value_length", in: 1...1024, default: hiddenSizePerHead)
        ropeDim = try reader.int("rope.dimension_count", in: 2...1024, default: headDim)
        guard (2...1024).contains(headDim), (1...1024).contains(valueDim), ropeDim <= headDim, ropeDim % 2 == 0 else {
            throw reader.invalid(
                "rope.dimension_count", found: "\(ropeDim)",
                expected: "an even number up to the head dimension \(headDim)")
        }
        normEpsilon = Float(try reader.double("attention.layer_norm_rms_epsilon", in: 0...1))
        trainedContext = try reader.int("context_length", in: 1...(1 << 27))
        originalContext = try reader.int(
            "rope.scaling.original_context_length", in: 1...(1 << 27), default: trainedContext)
        ropeBase = try reader.double("rope.freq_base", in: 1...1e12, default: 10_000)
        ropeScaling = try RoPEScaling(reader, originalContext: originalContext)

        let scaledSize =
            switch spec.attentionScale {
            case .hiddenSizePerHead(inModelsOfLayers: layers): hiddenSizePerHead
            case .hiddenSizePerHead, .headDim: headDim
            }
        attentionScale = 1 / Float(scaledSize).squareRoot()
        attentionSoftCap = try reader.softCap("attn_logit_softcapping", default: spec.attentionSoftCap)
        logitSoftCap = try reader.softCap("final_logit_softcapping", default: spec.logitSoftCap)
        embeddingScale = spec.scalesEmbeddings ? Float(hiddenSize).squareRoot() : 1

        slidingWindow = 0
        usesSlidingWindow = Array(repeating: false, count: layers)
        localRoPEBase = ropeBase
        localRoPEScaling = ropeScaling
        if let sliding = spec.slidingWindow { try readWindows(sliding, reader) }
    }

    private mutating func readWindows(
        _ sliding: ArchitectureSpec.SlidingWindow, _ reader: MetadataReader
    ) throws(ModelError) {
        slidingWindow = try reader.int(
            "attention.sliding_window", in: 0...(1 << 27), default: sliding.defaultLength ?? 0)
        guard slidingWindow > 0 else { return }
        usesSlidingWindow = try reader.layerPattern(
            "attention.sliding_window_pattern", layers: layers, defaultPeriod: sliding.pattern)
        localRoPEBase = try reader.double(
            "rope.freq_base_swa", in: 1...1e12, default: sliding.defaultRoPEBase ?? ropeBase)
        if !sliding.scalesRoPE { localRoPEScaling = .none }
    }
}

extension MetadataReader {
    /// A soft cap, if the family has one; otherwise the metadata is ignored.
    fileprivate func softCap(_ key: String, default: Float?) throws(ModelError) -> Float {
        guard let `default` else { return 0 }
        return Float(try double(key, in: 0...1e6, default: Double(`default`)))
    }
}

extension RoPEScaling {
    fileprivate init(_ reader: MetadataReader, originalContext: Int) throws(ModelError) {
        // Older files use another name; 0 means no scaling.
        let older = try reader.double("rope.scale_linear", in: 0...1e6, default: 0)
        let factor = try reader.double("rope.scaling.factor", in: 0...1e6, default: older)
        self.factor = factor == 0 ? 1 : factor
        magnitude = try reader.double("rope.scaling.attn_factor", in: 1e-3...1e3, default: 1)
        switch reader.string("rope.scaling.type") ?? "linear" {
        case "none": self.factor = 1
        case "linear", "longrope": break
        case "yarn":
            kind = .yarn(
                originalContext: originalContext,
                betaFast: try reader.double("rope.scaling.yarn_beta_fast", in: 1e-3...1e6, default: 32),
                betaSlow: try reader.double("rope.scaling.yarn_beta_slow", in: 1e-3...1e6, default: 1),
                logMultiplier: try reader.double("rope.scaling.yarn_log_multiplier", in: 0...1e3, default: 0))
        case let other:
            throw reader.invalid("rope.scaling.type", found: other, expected: "none, linear, yarn or longrope")
        }
    }
}
