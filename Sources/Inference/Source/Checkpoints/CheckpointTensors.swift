import GGUF
import Synchronization

/// Finds the tensors of a checkpoint by their roles.
final class CheckpointTensors: Sendable {
    private let family: CheckpointFamily
    private let weights: CheckpointWeights
    /// Of everything but the output matrix, such as "model." or "model.language_model.".
    private let prefix: String
    private let derived = Mutex<[String: DerivedTensor]>([:])

    init(_ family: CheckpointFamily, _ weights: CheckpointWeights) {
        (self.family, self.weights) = (family, weights)
        // Models that see have other embeddings, too, with other names.
        let embedding = "\(family.modelNames[.tokenEmbedding] ?? "embed_tokens").weight"
        let name = weights.names.filter { $0 == embedding || $0.hasSuffix(".\(embedding)") }.min { $0.count < $1.count }
        prefix = String(name?.dropLast(embedding.count) ?? "model.")
    }

    var layerPrefix: String { prefix + family.layerPrefix }

    // MARK: Names

    /// The name of a tensor without its part; nil if no checkpoint has it.
    private func name(_ role: TensorRole) -> String? {
        if case .layer(let index, let role) = role {
            if family.absent.contains(role) { return nil }
            return (family.names[role] ?? CheckpointNames.layer(role)).map { "\(layerPrefix)\(index).\($0)" }
        }
        guard let name = family.modelNames[role] ?? CheckpointNames.model(role) else { return nil }
        guard role == .output else { return prefix + name }
        // Beside the language model, or outside of it.
        let parent = prefix.hasSuffix("model.") ? String(prefix.dropLast(6)) : prefix
        return [name, parent + name, prefix + name].first { weights.has("\($0).weight") } ?? name
    }

    func spelling(_ role: TensorRole, _ part: TensorPart) -> String {
        name(role).map { Self.fullName($0, part) } ?? "\(role)"
    }

    private static func fullName(_ name: String, _ part: TensorPart) -> String { "\(name).\(part.rawValue)" }

    // MARK: Tensors

    func tensor(_ role: TensorRole, _ part: TensorPart) -> TensorView? {
        if part == .scale { return scale(role) }
        guard part == .weight || part == .bias, let name = name(role) else { return nil }
        if name.contains("*") { return part == .weight ? stack(name) : nil }
        guard var tensor = plain(name, part, role) else { return nil }
        guard case .layer(_, let layerRole) = role else {
            if role == .outputNorm, part == .weight { tensor.offset = family.normOffset }
            return tensor
        }
        if part == .weight, layerRole.isNorm { tensor.offset = family.normOffset }
        // A type with several elements in a byte is refused anyway.
        guard let layout = family.layouts[layerRole], tensor.type.blockElements == 1 else { return tensor }
        return arranged(tensor, layout, part)
    }

    private func scale(_ role: TensorRole) -> TensorView? {
        guard case .layer(let index, let role) = role, let name = family.scales[role] else { return nil }
        return weights.tensor("\(layerPrefix)\(index).\(name)")
    }

    /// Some names say what they are and have no part (`sinks`), and some have it after an underscore (`gate_up_proj_bias`).
    private func plain(_ name: String, _ part: TensorPart, _ role: TensorRole) -> TensorView? {
        if let tensor = weights.tensor(Self.fullName(name, part)) { return tensor }
        switch (part, role) {
        case (.weight, _), (_, .layer(_, .routerBias)): return weights.tensor(name)
        case (.bias, _): return weights.tensor("\(name)_bias")
        default: return nil
        }
    }

    /// The matrices of all experts, or vectors of all heads, each in a tensor of its own.
    ///
    /// - Parameter name: with `*` for the number.
    private func stack(_ name: String) -> TensorView? {
        func expert(_ number: Int) -> TensorView? {
            weights.tensor(Self.fullName(name.replacing("*", with: "\(number)", maxReplacements: 1), .weight))
        }
        guard let first = expert(0), first.dimensions.count <= 2 else { return nil }
        var parts = [first.bytes]
        while parts.count < 1 << 16, let next = expert(parts.count), next.dimensions == first.dimensions,
            next.type == first.type
        { parts.append(next.bytes) }
        return TensorView(
            name: name, dimensions: first.dimensions + [parts.count], type: first.type,
            elementCount: first.elementCount * parts.count, content: .parts(parts))
    }

    /// A tensor in the order that the engine reads.
    private func arranged(_ tensor: TensorView, _ layout: CheckpointFamily.MatrixLayout, _ part: TensorPart)
        -> TensorView
    {
        let order: DerivedTensor.Order
        switch (layout, part) {
        case (.transposed, .bias): return tensor
        case (.transposed, _): order = .transposed
        case (.transposedPairs, .bias): order = .pairs
        case (.transposedPairs, _): order = .transposedPairs
        }
        let content = derived.withLock { derived in
            let known = derived[tensor.name] ?? DerivedTensor(tensor, order)
            derived[tensor.name] = known
            return known
        }
        return content.view
    }

    /// Bytes of the matrices that are not used as they lie in the files.
    ///
    /// - Parameter layers: of the model.
    func derivedBytes(layers: Int) -> Int {
        family.layouts.keys.reduce(0) { sum, role in
            (0..<max(0, min(layers, 1024))).reduce(sum) { sum, layer in
                let tensor = name(.layer(layer, role)).flatMap { plain($0, .weight, .layer(layer, role)) }
                return sum + (tensor?.byteCount ?? 0)
            }
        }
    }

    // MARK: Use

    /// What part of a tensor a token uses.
    ///
    /// - Parameter experts: in a layer; nil for other models.
    func use(of tensor: WeightUse.Tensor, experts: Int?) -> WeightUse.Use {
        let rows = max(1, tensor.dimensions.dropFirst().first ?? 1)
        switch tensor.name {
        case name(.tokenEmbedding).map({ Self.fullName($0, .weight) }): return .tokenEmbedding(rows: rows)
        case name(.positionEmbedding).map({ Self.fullName($0, .weight) }): return .row(of: rows)
        default: break
        }
        // What lies outside of the language model sees or hears.
        guard tensor.name.hasPrefix(prefix) || tensor.name.contains("lm_head") else { return .never }
        guard let experts, experts > 0, tensor.name.contains(".experts.") else { return .always }
        return .experts(experts)
    }
}

extension LayerRole {
    /// Whether its weights multiply normalised vectors.
    var isNorm: Bool {
        switch self {
        case .attentionNorm, .queryNorm, .keyNorm, .attentionSubNorm, .postAttentionNorm, .latentNorm, .ffnNorm,
            .ffnSubNorm, .postFFNNorm, .denseOutputNorm, .expertsNorm, .expertsOutputNorm, .perLayerNorm,
            .altUpRouterNorm, .laurelNorm:
            true
        default: false
        }
    }
}
