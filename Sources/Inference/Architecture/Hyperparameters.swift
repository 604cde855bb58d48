import GGUF

/// The numbers of one model, read from its metadata and checked against each other.
package struct Hyperparameters: Sendable {
    package var layers: Int
    /// Length of the residual stream.
    package var embedding: Int
    package var feedForward: Int
    package var heads: Int
    /// Divides `heads`.
    package var kvHeads: Int
    /// Floats per query and key head.
    package var keySize: Int
    package var valueSize: Int
    /// Floats of each head that the rotary embedding turns; even.
    package var rotated: Int
    package var epsilon: Float
    package var trainedContext: Int
    package var ropeBase: Double
    package var ropeScaling: RoPEScaling
    /// The same for windowed layers.
    package var localRoPEBase: Double
    package var localRoPEScaling: RoPEScaling
    /// Context length up to which LongRoPE's short factors hold.
    package var originalContext: Int
    /// Positions a windowed layer sees; 0 when there are none.
    package var window: Int
    /// Which layers are windowed; [layers].
    package var isWindowed: [Bool]
    package var attentionScale: Float
    /// 0 for none.
    package var attentionSoftCap: Float
    /// 0 for none.
    package var logitSoftCap: Float
    package var embeddingScale: Float

    package init(_ spec: ArchitectureSpec, _ metadata: GGUFMetadata) throws(ModelError) {
        let reader = MetadataReader(metadata: metadata, prefix: spec.name)
        layers = try reader.int("block_count", in: 1...1024)
        embedding = try reader.int("embedding_length", in: 1...131_072)
        feedForward = try reader.int("feed_forward_length", in: 1...1_048_576)
        heads = try reader.int("attention.head_count", in: 1...1024)
        kvHeads = try reader.int("attention.head_count_kv", in: 1...1024, default: heads)
        guard heads % kvHeads == 0 else {
            throw reader.invalid("attention.head_count_kv", found: "\(kvHeads)", expected: "a divisor of \(heads)")
        }
        let share = embedding / heads
        keySize = try reader.int("attention.key_length", in: 2...1024, default: share)
        valueSize = try reader.int("attention.value_length", in: 1...1024, default: share)
        rotated = try reader.int("rope.dimension_count", in: 2...1024, default: keySize)
        guard (2...1024).contains(keySize), (1...1024).contains(valueSize), rotated <= keySize, rotated % 2 == 0 else {
            throw reader.invalid(
                "rope.dimension_count", found: "\(rotated)", expected: "an even number up to the head size \(keySize)")
        }
        epsilon = Float(try reader.double("attention.layer_norm_rms_epsilon", in: 0...1))
        trainedContext = try reader.int("context_length", in: 1...(1 << 27))
        originalContext = try reader.int(
            "rope.scaling.original_context_length", in: 1...(1 << 27), default: trainedContext)
        ropeBase = try reader.double("rope.freq_base", in: 1...1e12, default: 10_000)
        ropeScaling = try RoPEScaling(reader, originalContext: originalContext)

        let scaledSize =
            switch spec.attentionScale {
            case .embeddingShare(inModelsOfLayers: layers): share
            case .embeddingShare, .headSize: keySize
            }
        attentionScale = 1 / Float(scaledSize).squareRoot()
        attentionSoftCap = try reader.softCap("attn_logit_softcapping", default: spec.attentionSoftCap)
        logitSoftCap = try reader.softCap("final_logit_softcapping", default: spec.logitSoftCap)
        embeddingScale = spec.scalesEmbeddings ? Float(embedding).squareRoot() : 1

        window = 0
        isWindowed = Array(repeating: false, count: layers)
        localRoPEBase = ropeBase
        localRoPEScaling = ropeScaling
        if let sliding = spec.slidingWindow { try readWindows(sliding, reader) }
    }

    private mutating func readWindows(
        _ sliding: ArchitectureSpec.SlidingWindow, _ reader: MetadataReader
    ) throws(ModelError) {
        window = try reader.int("attention.sliding_window", in: 0...(1 << 27), default: sliding.defaultLength ?? 0)
        guard window > 0 else { return }
        isWindowed = try reader.layerPattern(
            "attention.sliding_window_pattern", layers: layers, defaultPeriod: sliding.pattern)
        localRoPEBase = try reader.double(
            "rope.freq_base_swa", in: 1...1e12, default: sliding.defaultRoPEBase ?? ropeBase)
        if !sliding.scalesRoPE { localRoPEScaling = .none }
    }
}

extension MetadataReader {
    /// A soft cap that the family has; metadata of families without one is left alone.
    fileprivate func softCap(_ key: String, default: Float?) throws(ModelError) -> Float {
        guard let `default` else { return 0 }
        return Float(try double(key, in: 0...1e6, default: Double(`default`)))
    }
}

extension RoPEScaling {
    fileprivate init(_ reader: MetadataReader, originalContext: Int) throws(ModelError) {
        // Older files say it under another name; 0 means that nothing is scaled.
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
