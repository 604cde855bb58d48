/// The tensors that a GGUF file of a checkpoint has, in the usual order.
struct ConvertedTensors {
    private let source: CheckpointSource
    private let config: ModelConfig
    private let architecture: String
    private let adapter: LoRAAdapter?

    init(_ source: CheckpointSource, _ config: ModelConfig, architecture: String, adapter: LoRAAdapter?) {
        (self.source, self.config, self.architecture) = (source, config, architecture)
        self.adapter = adapter
    }

    private static let modelRoles: [TensorRole] =
        [
            .tokenEmbedding, .tokenEmbeddingNorm, .positionEmbedding, .perLayerEmbedding, .perLayerProjection,
            .perLayerProjectionNorm, .altUpProjection, .altUpUnembedding, .outputNorm, .output,
        ] + TensorRole.RoPEFactorSet.allCases.map(TensorRole.ropeFactors)

    /// Throws if the adapter does not fit.
    func all() throws(ModelError) -> [ConvertedTensor] {
        var tensors = plain
        for index in tensors.indices where tensors[index].view.dimensions.count == 2 {
            let view = tensors[index].view
            guard let update = try adapter?.update(of: view.name, rows: view.dimensions[1], cols: view.dimensions[0])
            else {
                continue
            }
            tensors[index].change = MatrixChange(update)
        }
        return tensors
    }

    private var plain: [ConvertedTensor] {
        let layers = (0..<config.layersPerRepeat).flatMap { layer in
            LayerRole.allCases.map { TensorRole.layer(layer, $0) }
        }
        // Some roles have the same name, because a layer has only one of them.
        var names: Set<String> = []
        return (Self.modelRoles + layers).flatMap { role in
            [TensorPart.weight, .bias, .scale].flatMap { part -> [ConvertedTensor] in
                if case .layer(let layer, .latentExpansion) = role, part == .weight,
                    source.value(.expandedHeadDim) != nil
                {
                    return latentParts(of: layer)
                }
                guard case .layer(let layer, .expertGateUp) = role, GGUFNames.tensors(role, in: architecture).isEmpty
                else {
                    return tensor(role, part).map { [$0] } ?? []
                }
                return halves(of: layer, part)
            }
        }.filter { names.insert($0.name).inserted }
    }

    /// The matrices of gates and ups, for families whose files have them apart.
    private func halves(of layer: Int, _ part: TensorPart) -> [ConvertedTensor] {
        guard part != .scale, let both = source.tensor(.layer(layer, .expertGateUp), part) else { return [] }
        return [LayerRole.expertGate, .expertUp].enumerated().compactMap { index, role in
            GGUFNames.tensors(.layer(layer, role), in: architecture).first.map {
                ConvertedTensor(
                    name: "\($0).\(part.rawValue)", view: both, half: index,
                    factors: factors(.layer(layer, .expertGateUp), part))
            }
        }
    }

    /// The two parts of the matrix that expands latent vectors.
    private func latentParts(of layer: Int) -> [ConvertedTensor] {
        guard let both = source.tensor(.layer(layer, .latentExpansion), .weight),
            case .attention(let attention) = config.layers[layer].mixer
        else { return [] }
        return LatentExpansionPart.Kind.allCases.compactMap { kind in
            GGUFNames.tensors(.layer(layer, kind.role), in: architecture).first.map {
                ConvertedTensor(
                    name: "\($0).weight", view: both,
                    latentPart: LatentExpansionPart(kind, attention, rotated: config.ropes.first?.dim ?? 0),
                    factors: factors(.layer(layer, .latentExpansion), .weight))
            }
        }
    }

    private func tensor(_ role: TensorRole, _ part: TensorPart) -> ConvertedTensor? {
        guard let view = source.tensor(role, part), let name = GGUFNames.tensors(role, in: architecture).first else {
            return nil
        }
        // Its only part is the bias, which checkpoints name without one.
        if case .layer(_, .routerBias) = role, part == .weight { return nil }
        if case .layer(_, .mixerTimeBias) = role, part == .weight { return nil }
        // Factors that belong to a form of weights are in the weights afterwards.
        if part == .scale, !factors(role, .weight).isEmpty { return nil }
        var tensor = ConvertedTensor(name: "\(name).\(part.rawValue)", view: view, factors: factors(role, part))
        if case .layer(let index, let layerRole) = role {
            tensor.order = order(layerRole, layer: index)
            RecurrentTensors(config.layers[index], architecture: architecture)?.adapt(&tensor, layerRole, part)
        }
        return tensor
    }

    private func factors(_ role: TensorRole, _ part: TensorPart) -> [Float] {
        guard part == .weight, source.tensor(role, part)?.type.name == "NVFP4" else { return [] }
        return source.tensor(role, .scale)?.floats ?? []
    }

    /// Only queries and keys are rotated.
    private func order(_ role: LayerRole, layer: Int) -> ElementPlaces? {
        guard Architectures.find(architecture)?.rope?.isAdjacent == true, config.ropePairing == .halves,
            case .attention(let attention) = config.layers[layer].mixer
        else { return nil }
        return ElementPlaces(role, attention, ropeDim: config.ropes.first?.dim)
    }
}

extension ArchitectureSpec.RoPEPairing {
    var isAdjacent: Bool { self != .halves }
}
