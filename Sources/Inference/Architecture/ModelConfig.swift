/// The hyperparameters of a model, read from its source and checked for consistency.
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

    package init(_ spec: ArchitectureSpec, _ source: any ModelSource) throws(ModelError) {
        let reader = ConfigReader(source: source)
        layers = try reader.int(.layers, in: 1...1024)
        hiddenSize = try reader.int(.hiddenSize, in: 1...131_072)
        ffnSize = try reader.int(.ffnSize, in: 1...1_048_576)
        heads = try reader.int(.heads, in: 1...1024)
        kvHeads = try reader.int(.kvHeads, in: 1...1024, default: heads)
        guard heads % kvHeads == 0 else {
            throw reader.invalid(.kvHeads, found: "\(kvHeads)", expected: "a divisor of \(heads)")
        }
        let hiddenSizePerHead = hiddenSize / heads
        headDim = try reader.int(.headDim, in: 2...1024, default: hiddenSizePerHead)
        valueDim = try reader.int(.valueDim, in: 1...1024, default: hiddenSizePerHead)
        ropeDim = try reader.int(.ropeDim, in: 2...1024, default: headDim)
        guard (2...1024).contains(headDim), (1...1024).contains(valueDim), ropeDim <= headDim, ropeDim % 2 == 0 else {
            throw reader.invalid(
                .ropeDim, found: "\(ropeDim)",
                expected: "an even number up to the head dimension \(headDim)")
        }
        normEpsilon = Float(try reader.double(.normEpsilon, in: 0...1))
        trainedContext = try reader.int(.contextLength, in: 1...(1 << 27))
        originalContext = try reader.int(
            .ropeOriginalContext, in: 1...(1 << 27), default: trainedContext)
        ropeBase = try reader.double(.ropeBase, in: 1...1e12, default: 10_000)
        ropeScaling = try RoPEScaling(reader, originalContext: originalContext)

        let scaledSize =
            switch spec.attentionScale {
            case .hiddenSizePerHead(inModelsOfLayers: layers): hiddenSizePerHead
            case .hiddenSizePerHead, .headDim: headDim
            }
        attentionScale = 1 / Float(scaledSize).squareRoot()
        attentionSoftCap = try reader.softCap(.attentionSoftCap, default: spec.attentionSoftCap)
        logitSoftCap = try reader.softCap(.logitSoftCap, default: spec.logitSoftCap)
        embeddingScale = spec.scalesEmbeddings ? Float(hiddenSize).squareRoot() : 1

        slidingWindow = 0
        usesSlidingWindow = Array(repeating: false, count: layers)
        localRoPEBase = ropeBase
        localRoPEScaling = ropeScaling
        if let sliding = spec.slidingWindow { try readWindows(sliding, reader) }
    }

    private mutating func readWindows(
        _ sliding: ArchitectureSpec.SlidingWindow, _ reader: ConfigReader
    ) throws(ModelError) {
        slidingWindow = try reader.int(
            .slidingWindow, in: 0...(1 << 27), default: sliding.defaultLength ?? 0)
        guard slidingWindow > 0 else { return }
        usesSlidingWindow = try reader.layerPattern(
            .slidingWindowPattern, layers: layers, defaultPeriod: sliding.pattern)
        localRoPEBase = try reader.double(
            .localRoPEBase, in: 1...1e12, default: sliding.defaultRoPEBase ?? ropeBase)
        if !sliding.scalesRoPE { localRoPEScaling = .none }
    }
}

extension ConfigReader {
    /// A soft cap, if the family has one; otherwise the metadata is ignored.
    fileprivate func softCap(_ key: ConfigKey, default: Float?) throws(ModelError) -> Float {
        guard let `default` else { return 0 }
        return Float(try double(key, in: 0...1e6, default: Double(`default`)))
    }
}

extension RoPEScaling {
    fileprivate init(_ reader: ConfigReader, originalContext: Int) throws(ModelError) {
        // Older files use another name; 0 means no scaling.
        let older = try reader.double(.ropeScalingFactorOlder, in: 0...1e6, default: 0)
        let factor = try reader.double(.ropeScalingFactor, in: 0...1e6, default: older)
        self.factor = factor == 0 ? 1 : factor
        magnitude = try reader.double(.ropeScalingMagnitude, in: 1e-3...1e3, default: 1)
        switch reader.text(.ropeScalingType) ?? "linear" {
        case "none": self.factor = 1
        case "linear", "longrope": break
        case "yarn":
            kind = .yarn(
                originalContext: originalContext,
                betaFast: try reader.double(.yarnBetaFast, in: 1e-3...1e6, default: 32),
                betaSlow: try reader.double(.yarnBetaSlow, in: 1e-3...1e6, default: 1),
                logMultiplier: try reader.double(.yarnLogMultiplier, in: 0...1e3, default: 0))
        case let other:
            throw reader.invalid(.ropeScalingType, found: other, expected: "none, linear, yarn or longrope")
        }
    }
}
