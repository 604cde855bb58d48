#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the shapes of a model's feed-forward networks. Their sizes are those of their tensors.
struct FeedForwardReader {
    private let spec: ArchitectureSpec
    private let reader: ConfigReader
    /// Experts per token; [layers]. Empty for models without experts.
    private let used: [Int]
    private let experts: Int
    private let limits: [Double]
    private let sharedLimits: [Double]
    /// αn, αp, β and ε; [layers] each.
    private let xIELU: [[Double]]

    private static let widths = 1...1_048_576

    init(_ spec: ArchitectureSpec, _ reader: ConfigReader, layers: Int) throws(ModelError) {
        (self.spec, self.reader) = (spec, reader)
        experts = try reader.int(.experts, in: 0...1024, default: 0)
        used = experts == 0 ? [] : try reader.ints(.expertsUsed, layers: layers, in: 1...experts)
        func limits(_ key: ConfigKey) throws(ModelError) -> [Double] {
            try reader.doubles(key, layers: layers, in: 0...1e6, default: 0)
        }
        self.limits = try limits(.expertLimit)
        sharedLimits = try limits(.sharedExpertLimit)
        var constants: [[Double]] = []
        if spec.activation == .xIELU {
            for key in [ConfigKey.xIELUAlphaN, .xIELUAlphaP, .xIELUBeta, .xIELUEpsilon] {
                constants.append(try reader.doubles(key, layers: layers, in: -1e6...1e6))
            }
        }
        xIELU = constants
    }

    /// nil for a layer without a feed-forward network.
    func feedForward(_ layer: Int) throws(ModelError) -> FeedForwardConfig? {
        guard has(layer, .router) else {
            if let dense = try dense(layer, up: .up, gate: .gate, down: .down, limit: sharedLimits[layer]) {
                return .dense(dense)
            }
            guard spec.hasEmptyLayers || spec.hasSingleBlocks else { throw .missingTensor(spelling(layer, .down)) }
            return nil
        }
        guard experts > 0 else { throw .missingMetadata(reader.source.spelling(.experts)) }
        return .experts(try experts(layer))
    }

    /// nil if there is none.
    private func dense(
        _ layer: Int, up: LayerRole, gate: LayerRole, down: LayerRole, limit: Double
    ) throws(ModelError) -> DenseConfig? {
        guard has(layer, down), has(layer, up) else { return nil }
        let size = try width(layer, down)
        let isFused = !has(layer, gate) && spec.isGated
        if isFused { try check(layer, up, is: 2 * size) }
        return DenseConfig(ffnSize: size, gate: function(layer, limit: limit))
    }

    private func experts(_ layer: Int) throws(ModelError) -> ExpertsConfig {
        let groups = try reader.int(.expertGroups, in: 0...experts, default: 1)
        let groupsUsed = groups > 1 ? try reader.int(.expertGroupsUsed, in: 1...groups) : 1
        guard groups <= 1 || experts % groups == 0 && experts / groups >= 2 else {
            throw reader.invalid(.expertGroups, found: "\(groups)", expected: "a divisor of \(experts)")
        }
        guard groups <= 1 || used[layer] <= experts / groups * groupsUsed else {
            throw reader.invalid(
                .expertsUsed, found: "\(used[layer])", expected: "at most \(experts / groups * groupsUsed)")
        }
        var shared = try dense(
            layer, up: .sharedUp, gate: .sharedGate, down: .sharedDown, limit: sharedLimits[layer])
        if spec.experts.hasDense { shared = try dense(layer, up: .up, gate: .gate, down: .down, limit: 0) }
        return ExpertsConfig(
            experts: experts, used: used[layer], ffnSize: try width(layer, .expertDown),
            isFused: has(layer, .expertGateUp), gate: expertFunction(layer), groups: max(1, groups),
            groupsUsed: groupsUsed, scoresGroupsByBest: spec.experts.scoresGroupsByBest, gating: try gating(),
            normalizesWeights: try normalizesWeights(), weightsScale: try weightsScale(),
            latentSize: try latentSize(layer), shared: shared, groupExperts: try groupExperts(layer))
    }

    /// The rows of the projection before the experts, if there is one.
    private func latentSize(_ layer: Int) throws(ModelError) -> Int? {
        guard let tensor = reader.source.tensor(.layer(layer, .expertReduction), .weight) else { return nil }
        guard tensor.dimensions.count > 1, Self.widths.contains(tensor.dimensions[1]) else {
            throw .wrongShape(
                tensor: tensor.name, found: tensor.dimensions, expected: [tensor.dimensions.first ?? 1, 1])
        }
        return tensor.dimensions[1]
    }

    private func expertFunction(_ layer: Int) -> GateFunction {
        let function = function(layer, limit: limits[layer])
        let isGated = !spec.experts.isGateOptional || has(layer, .expertGate) || has(layer, .expertGateUp)
        return GateFunction(isGated: spec.isGated && isGated, activation: function.activation)
    }

    private func gating() throws(ModelError) -> Router.Gating {
        switch spec.experts.gating {
        case .fixed(let gating): return gating
        case .configured(let gating):
            switch try reader.int(.expertGating, in: 0...4, default: 0) {
            case 1: return .softmax
            case 2: return .sigmoid
            case 3: return .softmaxOfChosen
            case 4: return .rootOfSoftplus
            default: return gating
            }
        }
    }

    private func normalizesWeights() throws(ModelError) -> Bool {
        guard spec.experts.isNormalizationConfigured else { return spec.experts.normalizesWeights }
        return try reader.flag(.expertWeightsNormalization, default: spec.experts.normalizesWeights)
    }

    /// Files say 0 or 1 for none.
    private func weightsScale() throws(ModelError) -> Float {
        let scale = try reader.factor(.expertWeightsScale, default: 0)
        return scale == 0 ? 1 : scale
    }

    private func groupExperts(_ layer: Int) throws(ModelError) -> GroupExpertsConfig? {
        guard spec.experts.hasGroupExperts else { return nil }
        let count = try reader.int(.expertsPerGroup, in: 1...experts)
        guard experts % count == 0 else {
            throw reader.invalid(.expertsPerGroup, found: "\(count)", expected: "a divisor of \(experts)")
        }
        return GroupExpertsConfig(
            expertsPerGroup: count, ffnSize: try width(layer, .groupExpertDown),
            scale: try reader.factor(.expertGroupScale, default: nil))
    }

    private func function(_ layer: Int, limit: Double) -> GateFunction {
        GateFunction(
            isGated: spec.isGated,
            activation: spec.activation.kernel(limit: Float(limit), xIELU: xIELUConstants(layer)))
    }

    /// The constants as the function uses them: softplus keeps the slopes positive.
    private func xIELUConstants(_ layer: Int) -> [Float] {
        guard xIELU.count == 4 else { return [] }
        let (alphaN, alphaP, beta) = (xIELU[0][layer], xIELU[1][layer], xIELU[2][layer])
        return [beta + log1p(exp(alphaN)), log1p(exp(alphaP)), beta, xIELU[3][layer]].map { Float($0) }
    }

    // MARK: Tensors

    private func spelling(_ layer: Int, _ role: LayerRole) -> String {
        reader.source.spelling(.layer(layer, role), .weight)
    }

    private func has(_ layer: Int, _ role: LayerRole) -> Bool {
        reader.source.tensor(.layer(layer, role), .weight) != nil
    }

    private func width(_ layer: Int, _ role: LayerRole) throws(ModelError) -> Int {
        guard let tensor = reader.source.tensor(.layer(layer, role), .weight) else {
            throw .missingTensor(spelling(layer, role))
        }
        guard let size = tensor.dimensions.first, Self.widths.contains(size) else {
            throw .wrongShape(tensor: tensor.name, found: tensor.dimensions, expected: [1])
        }
        return size
    }

    private func check(_ layer: Int, _ role: LayerRole, is rows: Int) throws(ModelError) {
        guard let tensor = reader.source.tensor(.layer(layer, role), .weight) else {
            throw .missingTensor(spelling(layer, role))
        }
        let found = tensor.dimensions.count > 1 ? tensor.dimensions[1] : 1
        guard found == rows else {
            throw .wrongShape(tensor: tensor.name, found: tensor.dimensions, expected: [tensor.dimensions[0], rows])
        }
    }
}
