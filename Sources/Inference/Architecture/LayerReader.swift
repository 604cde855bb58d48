#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the shapes of a model's layers from its configuration and its tensors.
struct LayerReader {
    private let spec: ArchitectureSpec
    private let reader: ConfigReader
    private let hiddenSize: Int
    private let originalContext: Int
    /// How many layers the model has, those that are run again not counted.
    let count: Int
    private let heads: [Int]
    private let kvHeads: [Int]
    private let windows: LayerWindows
    /// The rotations that layers refer to.
    private(set) var ropes: [RoPEConfig] = []
    private let full: HeadShape
    private let local: HeadShape
    private let feedForwards: FeedForwardReader

    /// The sizes of an attention head.
    private struct HeadShape {
        var headDim: Int
        var valueDim: Int
    }

    init(
        _ spec: ArchitectureSpec, _ reader: ConfigReader, hiddenSize: Int, originalContext: Int
    ) throws(ModelError) {
        (self.spec, self.reader, self.hiddenSize) = (spec, reader, hiddenSize)
        self.originalContext = originalContext
        let all = try reader.int(.layers, in: 1...1024)
        count = all - (try reader.int(.predictionLayers, in: 0...all - 1, default: 0))
        let mayLackAttention = spec.hasEmptyLayers || spec.recurrence != nil
        let least = mayLackAttention ? 0 : 1
        heads = try reader.ints(.heads, layers: count, in: least...1024, default: spec.hasSingleBlocks ? 0 : nil)
        kvHeads =
            reader.source.value(.kvHeads) == nil
            ? heads : try reader.ints(.kvHeads, layers: count, in: least...1024)
        for (heads, kvHeads) in zip(heads, kvHeads) where kvHeads > 0 && heads % kvHeads != 0 {
            throw reader.invalid(.kvHeads, found: "\(kvHeads)", expected: "a divisor of \(heads)")
        }
        guard let mostHeads = heads.max(), mostHeads > 0 || spec.hasSingleBlocks else {
            throw reader.invalid(.heads, found: "0", expected: "an integer in 1…1024")
        }
        windows = try LayerWindows(spec.slidingWindow, reader, layers: count)
        // A model without attention has no such heads.
        let perHead = heads.first { $0 > 0 }.map { hiddenSize / $0 } ?? 2
        full = HeadShape(
            headDim: try reader.int(reader.present(.expandedHeadDim, else: .headDim), in: 2...1024, default: perHead),
            valueDim: try reader.int(reader.present(.expandedValueDim, else: .valueDim), in: 1...1024, default: perHead)
        )
        local = HeadShape(
            headDim: try reader.int(.localHeadDim, in: 2...1024, default: full.headDim),
            valueDim: try reader.int(.localValueDim, in: 1...1024, default: full.valueDim))
        for shape in [full, local] where !(2...1024).contains(shape.headDim) || !(1...1024).contains(shape.valueDim) {
            throw reader.invalid(.headDim, found: "\(shape.headDim)", expected: "an integer in 2…1024")
        }
        feedForwards = try FeedForwardReader(spec, reader, layers: count)
        try readRoPE()
    }

    // MARK: Positions

    /// Two rotations: of layers with full attention, and of those with a window.
    private mutating func readRoPE() throws(ModelError) {
        guard spec.rope != nil else { return }
        var dim = try reader.int(.ropeDim, in: 2...1024, default: full.headDim)
        let localDim = try reader.int(.localRoPEDim, in: 2...1024, default: dim)
        if spec.halvesRoPEDim { dim /= 2 }
        for (key, dim, head) in [(ConfigKey.ropeDim, dim, full.headDim), (.localRoPEDim, localDim, local.headDim)]
        where dim > head || dim % 2 != 0 {
            guard key == .ropeDim || windows.length > 0 else { continue }
            throw reader.invalid(
                key, found: "\(dim)", expected: "an even number up to the head dimension \(head)")
        }
        var base = try reader.double(.ropeBase, in: 1...1e12, default: 10_000)
        let alpha = try reader.double(.ropeScalingAlpha, in: 0...1e6, default: 0)
        if alpha > 0, full.headDim > 2 {
            base *= pow(alpha, Double(full.headDim) / Double(full.headDim - 2))
        }
        let scaling = try RoPEScaling(reader, spec, originalContext: originalContext)
        ropes = [
            RoPEConfig(
                dim: dim, base: base, scaling: scaling, usesFactors: spec.usesRoPEFactors,
                fixedPairs: reader.fixedPairs(spec.ropeSections, pairs: dim / 2))
        ]
        guard windows.length > 0, let sliding = spec.slidingWindow else { return }
        var localBase = base
        if case .configured(let value) = sliding.ropeBase {
            localBase = try reader.double(.localRoPEBase, in: 1...1e12, default: value ?? base)
        }
        let localScaling =
            switch sliding.ropeScaling {
            case .same: scaling
            case .frequenciesUnscaled: scaling.withoutFrequencies
            case .none: RoPEScaling.none
            }
        let local = RoPEConfig(
            dim: localDim, base: localBase, scaling: localScaling,
            usesFactors: spec.usesRoPEFactors && sliding.usesRoPEFactors)
        if local != ropes[0] { ropes.append(local) }
    }

    private func isRotated(_ layer: Int) throws(ModelError) -> Bool {
        let hasWindow = windows.isLocal[layer]
        switch spec.ropeLayers {
        case .all: return true
        case .windowed: return hasWindow || windows.length == 0
        case .onlyWindowed: return hasWindow
        case .windowedOrLeadingDense:
            let leading = try reader.int(.leadingDenseLayers, in: 0...1024, default: 0)
            return hasWindow || layer < leading
        case .exceptLast(let group): return (layer + 1) % group != 0
        case .exceptFirst(let group): return windows.length == 0 || layer % group != 0
        case .ifTrained: return try reader.flag(.ropeIsTrained, default: true)
        case .listed:
            switch reader.source.value(.ropePattern) {
            case .integers, .flags: return try reader.layerPattern(.ropePattern, layers: count, defaultPeriod: 0)[layer]
            default: return true
            }
        case .inModels(let layers): return count == layers
        }
    }

    // MARK: Layers

    func read() throws(ModelError) -> [LayerConfig] {
        var layers: [LayerConfig] = []
        let repeats = spec.repeatsLayers ? try reader.int(.layerRepeats, in: 1...64, default: 1) : 1
        for index in 0..<count * repeats { layers.append(try layer(index % count, at: index)) }
        return layers
    }

    private func layer(_ index: Int, at position: Int) throws(ModelError) -> LayerConfig {
        let feedForward = try feedForwards.feedForward(index)
        var layer = LayerConfig(
            tensors: index, mixer: try RecurrenceReader(spec, reader).mixer(index), feedForward: feedForward)
        if layer.mixer != nil { return layer }
        if spec.hasSingleBlocks {
            guard feedForward == nil else { return layer }
            guard heads[index] > 0, kvHeads[index] > 0 else {
                throw .missingTensor(reader.source.spelling(.layer(index, .mixerConvolution), .weight))
            }
        }
        // In such models, a layer without a feed-forward network has no effect. (Deci)
        guard feedForward != nil || spec.hasSingleBlocks, heads[index] > 0 else { return layer }
        layer.mixer = kvHeads[index] == 0 ? .linear : .attention(try attention(index, at: position))
        return layer
    }

    private func attention(_ index: Int, at position: Int) throws(ModelError) -> AttentionConfig {
        let source = reader.source
        let isLocal = windows.isLocal[index]
        let shape = isLocal ? local : full
        let isRotated = try spec.rope == nil ? false : isRotated(index)
        let rope = isRotated ? (isLocal ? ropes.count - 1 : 0) : nil
        let latentRank = try reader.latentRank(layer: index)
        var attention = AttentionConfig(
            heads: heads[index], kvHeads: latentRank == nil ? kvHeads[index] : heads[index], headDim: shape.headDim,
            valueDim: shape.valueDim, rope: rope, span: isLocal ? windows.span : .all,
            cacheLayer: try cacheLayer(index, at: position),
            scale: try scale(shape.headDim, layer: index), temperature: try temperature(isRotated: rope != nil),
            latentRank: latentRank, queryRank: latentRank == nil ? nil : try reader.queryRank(layer: index),
            gateRows: 0, hasGateInQuery: spec.hasGateInQuery)
        if spec.hasGateInQuery {
            guard shape.headDim == shape.valueDim else {
                throw reader.invalid(.valueDim, found: "\(shape.valueDim)", expected: "\(shape.headDim)")
            }
            attention.gateRows = attention.outputSize
            return attention
        }
        if let rows = source.tensor(.layer(index, .attentionGate), .weight)?.dimensions.last {
            guard [attention.heads, attention.outputSize].contains(rows) else {
                throw .wrongShape(
                    tensor: source.spelling(.layer(index, .attentionGate), .weight), found: [hiddenSize, rows],
                    expected: [hiddenSize, attention.outputSize])
            }
            attention.gateRows = rows
        }
        return attention
    }

    private func scale(_ headDim: Int, layer: Int) throws(ModelError) -> Float {
        let byHead = 1 / Float(headDim).squareRoot()
        switch spec.attentionScale {
        case .headDim: return byHead
        case .hiddenSizePerHead(let layers):
            return layers == count ? 1 / Float(hiddenSize / heads[layer]).squareRoot() : byHead
        case .headDimAndYaRN: return byHead * (try reader.deepSeekFactor(ropes.first?.scaling))
        case .ropeDim: return 1 / Float(ropes.first?.dim ?? headDim).squareRoot()
        case .inverseHeadDim: return 1 / Float(headDim)
        case .fixed(let scale): return scale
        case .configured:
            let scale = try reader.factor(.attentionScale, default: 0)
            return scale == 0 ? byHead : scale
        case .configuredOutput(let scale): return try reader.factor(.attentionOutputScale, default: scale)
        }
    }

    private func temperature(isRotated: Bool) throws(ModelError) -> AttentionConfig.Temperature? {
        switch spec.temperature {
        case nil: return nil
        case .configured, .configuredWithFloor:
            let scale = try reader.factor(.temperatureScale, default: 0)
            guard scale != 0, case .configuredWithFloor = spec.temperature else {
                return scale == 0 ? nil : .init(scale: scale, floor: originalContext, offset: 0)
            }
            return .init(scale: scale, floor: try reader.int(.temperatureLength, in: 1...(1 << 27)), offset: 0)
        case .withoutRoPE(let scale, let floor, let offset):
            return isRotated ? nil : .init(scale: scale, floor: floor, offset: offset)
        }
    }

    /// The layer whose keys and values a layer uses.
    private func cacheLayer(_ index: Int, at position: Int) throws(ModelError) -> Int {
        let first: Int
        switch spec.sharedKeyValues {
        case nil: return position
        case .from(let layer): first = layer
        case .configured: first = count - (try reader.int(.sharedKVLayers, in: 0...count - 1, default: 0))
        }
        guard index >= first else { return position }
        // The last of the same kind that has its own.
        let shared = (0..<min(first, count)).last { windows.isLocal[$0] == windows.isLocal[index] }
        guard let shared, kvHeads[shared] == kvHeads[index] else {
            throw reader.invalid(
                .sharedKVLayers, found: "\(count - first)", expected: "a number of layers after others of both kinds")
        }
        return shared
    }
}

/// Which layers attend only to some positions.
private struct LayerWindows {
    /// 0 if no layer does.
    var length = 0
    /// [layers]
    var isLocal: [Bool]
    private var isChunked = false

    var span: AttentionSpan { isChunked ? .chunk(length) : .window(length) }

    init(
        _ sliding: ArchitectureSpec.SlidingWindow?, _ reader: ConfigReader, layers: Int
    ) throws(ModelError) {
        isLocal = Array(repeating: false, count: layers)
        guard let sliding, layers == sliding.onlyInModelsOfLayers ?? layers else { return }
        let configured = try reader.int(.slidingWindow, in: 0...(1 << 27), default: sliding.defaultLength ?? 0)
        guard configured > 0 else { return }
        length = sliding.fixedLength ?? configured
        isChunked = sliding.isChunked
        isLocal = try reader.layerPattern(
            .slidingWindowPattern, layers: layers, defaultPeriod: sliding.pattern, startsFull: sliding.startsFull)
    }
}

extension ConfigReader {
    /// Pairs on the fourth axis.
    fileprivate func fixedPairs(_ kind: ArchitectureSpec.RoPESections, pairs: Int) -> Set<Int> {
        guard case .integers(let sections) = source.value(.ropeSections), sections.count == 4,
            sections.allSatisfy((0...1024).contains)
        else { return [] }
        let count = sections.reduce(0, +)
        guard count > 0 else { return [] }
        let fixed = (0..<pairs).filter { pair in
            let place = pair % count
            switch kind {
            case .none: return false
            case .blocks: return place >= count - sections[3]
            // The axes in the order in which pairs take turns.
            case .interleaved: return place >= 3 * sections[place % 3]
            }
        }
        return Set(fixed)
    }
}
