import CKernels

/// Makes feed-forward networks and what belongs to them.
extension LayerLoader {
    func feedForward(
        _ feedForward: FeedForwardConfig, _ tensors: LayerTensors, _ layer: Int
    ) throws(ModelError) -> FeedForward {
        switch feedForward {
        case .dense(let config):
            .dense(try dense(config, tensors, .ordinary, cutOff: cutOff(layer, of: config.ffnSize)))
        case .experts(let config): .experts(try experts(config, tensors))
        }
    }

    /// The first layers use only the largest activations.
    private func cutOff(_ layer: Int, of size: Int) -> Float? {
        guard let cutOff = spec.activationCutOff, layer < cutOff.layers else { return nil }
        // The kernel divides by one less than the size.
        return cutOff.isOfPopulation
            ? cutOff.deviations * (Float(size - 1) / Float(size)).squareRoot() : cutOff.deviations
    }

    /// The roles of a dense network's matrices.
    private struct DenseRoles {
        let gate, up, down: LayerRole
        static let ordinary = DenseRoles(gate: .gate, up: .up, down: .down)
        static let shared = DenseRoles(gate: .sharedGate, up: .sharedUp, down: .sharedDown)
    }

    private func dense(
        _ config: DenseConfig, _ tensors: LayerTensors, _ roles: DenseRoles, cutOff: Float? = nil
    ) throws(ModelError) -> DenseFeedForward {
        let (size, width) = (self.config.hiddenSize, config.ffnSize)
        let scaled = spec.scalesFeedForwardBiases ? TensorReader.ScaleUse.sum : .product
        let scale = spec.scales.contains(.gateAndUp) ? scaled : .nothing
        let hasBias = !spec.ignoredBiases.contains(.feedForward)
        var gate: Linear?
        let up: Linear
        if config.gate.isGated, !tensors.has(roles.gate) {
            // Without a separate gate matrix, its rows come before those of `up` in the same tensor.
            let parts = try reader.split(
                fused: tensors.role(roles.up), biases: [], rows: [width, width], cols: size, scale: scale)
            (gate, up) = (parts[0], parts[1])
        } else {
            if config.gate.isGated {
                gate = try tensors.linear(roles.gate, rows: width, cols: size, scale: scale, hasBias: hasBias)
            }
            up = try tensors.linear(roles.up, rows: width, cols: size, scale: scale, hasBias: hasBias)
        }
        let divisors = try reader.multipliers(tensors.role(.activationDivisors), .divisors, atLeast: width)
        return DenseFeedForward(
            config: config, gate: gate, up: up,
            down: try tensors.linear(
                roles.down, rows: size, cols: width, scale: spec.scales.contains(.down) ? scaled : .nothing,
                hasBias: hasBias),
            subNorm: tensors.has(.ffnSubNorm) ? try tensors.norm(.ffnSubNorm, width) : nil,
            activationFactors: divisors.map { FloatBuffer($0.prefix(width).map { 1 / $0 }) }, cutOff: cutOff)
    }

    // MARK: Experts

    private func experts(_ config: ExpertsConfig, _ tensors: LayerTensors) throws(ModelError) -> Experts {
        let size = self.config.hiddenSize
        let shared = try sharedExpert(config, tensors)
        let router = Router(
            config: config, linear: try tensors.linear(.router, rows: config.experts, cols: size, scale: .nothing),
            selectionBias: try reader.optionalVector(tensors.role(.routerBias), .bias, count: config.experts),
            choosesByLogits: spec.experts.weightsInputs)
        var factors: FloatBuffer?
        if spec.experts.routerInput == .scaledResidual {
            factors = try reader.vector(tensors.role(.router), .scale, count: size)
            for index in 0..<size { factors?.base[index] /= Float(size).squareRoot() }
        }
        return Experts(
            config: config, router: router, routerInput: spec.experts.routerInput, routerFactors: factors,
            routerNorm: factors == nil ? nil : Norm(self.config.norm, size: size),
            network: try network(config, tensors), latent: try latent(config, tensors),
            inputNorm: tensors.has(.expertsNorm) ? try tensors.norm(.expertsNorm, size) : nil,
            readsLayerInput: spec.experts.readsLayerInput || spec.experts.routerInput == .layerInput,
            weightsInputs: spec.experts.weightsInputs,
            outputNorm: tensors.has(.expertsOutputNorm) ? try tensors.norm(.expertsOutputNorm, size) : nil,
            shared: shared, groupExperts: try groupExperts(config, tensors),
            sumFactor: shared == nil ? 1 : spec.experts.sumFactor)
    }

    private func latent(_ config: ExpertsConfig, _ tensors: LayerTensors) throws(ModelError) -> Experts.Latent? {
        guard let latentSize = config.latentSize else { return nil }
        let size = self.config.hiddenSize
        return Experts.Latent(
            reduction: try tensors.linear(.expertReduction, rows: latentSize, cols: size),
            expansion: try tensors.linear(.expertExpansion, rows: size, cols: latentSize))
    }

    private func sharedExpert(
        _ config: ExpertsConfig, _ tensors: LayerTensors
    ) throws(ModelError) -> Experts.SharedExpert? {
        guard let shared = config.shared else { return nil }
        let size = self.config.hiddenSize
        return Experts.SharedExpert(
            network: try dense(shared, tensors, tensors.has(.sharedDown) ? .shared : .ordinary),
            gate: tensors.has(.sharedRouter) ? try tensors.linear(.sharedRouter, rows: 1, cols: size) : nil,
            outputNorm: tensors.has(.denseOutputNorm) ? try tensors.norm(.denseOutputNorm, size) : nil)
    }

    private func network(_ config: ExpertsConfig, _ tensors: LayerTensors) throws(ModelError) -> ExpertNetwork {
        let (size, width, count) = (config.latentSize ?? self.config.hiddenSize, config.ffnSize, config.experts)
        func stack(_ role: LayerRole, _ rows: Int, _ cols: Int) throws(ModelError) -> ExpertStack {
            try reader.stack(
                tensors.role(role), rows: rows, cols: cols, count: count, isScaled: spec.scales.contains(.down))
        }
        let downs = try stack(.expertDown, size, width)
        if config.isFused {
            let ups = try stack(.expertGateUp, 2 * width, size)
            return ExpertNetwork(gate: config.gate, gates: nil, ups: ups, downs: downs)
        }
        return ExpertNetwork(
            gate: config.gate, gates: config.gate.isGated ? try stack(.expertGate, width, size) : nil,
            ups: try stack(.expertUp, width, size), downs: downs)
    }

    private func groupExperts(
        _ config: ExpertsConfig, _ tensors: LayerTensors
    ) throws(ModelError) -> ExpertNetwork? {
        guard let group = config.groupExperts else { return nil }
        let (size, width, count) = (self.config.hiddenSize, group.ffnSize, config.experts / group.expertsPerGroup)
        func stack(_ role: LayerRole, _ rows: Int, _ cols: Int) throws(ModelError) -> ExpertStack {
            try reader.stack(tensors.role(role), rows: rows, cols: cols, count: count)
        }
        return ExpertNetwork(
            gate: config.gate, gates: try stack(.groupExpertGate, width, size),
            ups: try stack(.groupExpertUp, width, size), downs: try stack(.groupExpertDown, size, width))
    }

    // MARK: Per-layer embeddings and streams

    func perLayer(_ tensors: LayerTensors) throws(ModelError) -> PerLayerEmbedding? {
        let (size, part) = (config.hiddenSize, config.perLayerSize)
        guard part > 0 else { return nil }
        return PerLayerEmbedding(
            gate: try tensors.linear(.perLayerGate, rows: part, cols: size),
            projection: try tensors.linear(.perLayerProjection, rows: size, cols: part),
            norm: try tensors.norm(.perLayerNorm, size))
    }

    func altUp(_ tensors: LayerTensors) throws(ModelError) -> AltUpLayer {
        let (size, streams) = (config.hiddenSize, config.streams)
        let rank = reader.source.tensor(tensors.role(.laurelLeft), .weight)?.dimensions.last ?? 0
        guard (1...config.laurelRank).contains(rank) else {
            throw .missingTensor(reader.source.spelling(tensors.role(.laurelLeft), .weight))
        }
        return AltUpLayer(
            router: try tensors.linear(.altUpRouter, rows: streams, cols: size),
            routerNorm: try tensors.norm(.altUpRouterNorm, size),
            prediction: try tensors.linear(.altUpPrediction, rows: streams * streams, cols: streams),
            correction: try tensors.linear(.altUpCorrection, rows: streams, cols: streams),
            scale: try tensors.vector(.altUpScale, count: size),
            laurel: Laurel(
                left: try tensors.linear(.laurelLeft, rows: rank, cols: size),
                right: try tensors.linear(.laurelRight, rows: size, cols: rank),
                norm: try tensors.norm(.laurelNorm, size)))
    }
}

/// The tensors of one layer.
struct LayerTensors {
    let reader: TensorReader
    let layer: Int
    let config: ModelConfig

    func role(_ role: LayerRole) -> TensorRole { .layer(layer, role) }

    func has(_ role: LayerRole) -> Bool { reader.has(self.role(role)) }

    func linear(
        _ role: LayerRole, rows: Int, cols: Int, scale: TensorReader.ScaleUse = .nothing, hasBias: Bool = true
    ) throws(ModelError) -> Linear {
        try reader.linear(self.role(role), rows: rows, cols: cols, scale: scale, hasBias: hasBias)
    }

    func norm(_ role: LayerRole, _ size: Int) throws(ModelError) -> Norm {
        try reader.norm(self.role(role), config.norm, size: size)
    }

    func vector(_ role: LayerRole, count: Int) throws(ModelError) -> FloatBuffer {
        try reader.vector(self.role(role), count: count)
    }

    func optionalVector(_ role: LayerRole, count: Int) throws(ModelError) -> FloatBuffer? {
        try reader.optionalVector(self.role(role), count: count)
    }
}
