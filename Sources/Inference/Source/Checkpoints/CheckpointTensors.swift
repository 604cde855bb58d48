import GGUF
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the tensors of a checkpoint by their roles.
final class CheckpointTensors: Sendable {
    private let family: CheckpointFamily
    private let weights: CheckpointWeights
    /// Of everything but the output matrix, such as "model." or "model.language_model.".
    private let prefix: String
    private let derived = Mutex<[String: DerivedTensor]>([:])

    init(_ family: CheckpointFamily, _ weights: CheckpointWeights) {
        (self.family, self.weights) = (family, weights)
        // Models that see have other embeddings, too, with other names, and so may layers that predict several tokens.
        let embedding = "\(family.modelNames[.tokenEmbedding] ?? "embed_tokens").weight"
        let names = weights.names.filter { $0 == embedding || $0.hasSuffix(".\(embedding)") && !$0.hasPrefix("mtp.") }
        let name = names.min { $0.count < $1.count }
        prefix = String(name?.dropLast(embedding.count) ?? "model.")
    }

    var layerPrefix: String { prefix + family.layerPrefix }

    // MARK: Names

    /// The name of a tensor without its part; nil if no checkpoint has it.
    private func name(_ role: TensorRole) -> String? {
        if case .layer(let index, let role) = role {
            return family.name(of: role).map { stacked("\(layerPrefix)\(index).\($0)") }
        }
        guard let name = family.modelNames[role] ?? CheckpointNames.model(role) else { return nil }
        guard role == .output else { return prefix + name }
        // Beside the language model, or outside of it.
        let parent = prefix.hasSuffix("model.") ? String(prefix.dropLast(6)) : prefix
        return [name, parent + name, prefix + name].first { weights.has("\($0).weight") } ?? name
    }

    /// The same without the number of the expert, if one tensor has the matrices of all experts.
    private func stacked(_ name: String) -> String {
        guard name.contains(".*"), !weights.has(Self.fullName(name.replacing("*", with: "0"), .weight)) else {
            return name
        }
        let whole = name.replacing(".*", with: "")
        return weights.has(whole) || weights.has(Self.fullName(whole, .weight)) ? whole : name
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
        if layerRole == .mixerDecayRates { return known(tensor.name) { Self.rates(tensor) } }
        if part == .weight, layerRole.isNorm { tensor.offset = family.normOffset }
        return family.layouts[layerRole].map { arranged(tensor, $0, part) } ?? tensor
    }

    /// Rates of decay, of which checkpoints have the logarithm of the magnitude.
    private static func rates(_ logarithms: TensorView) -> DerivedTensor {
        DerivedTensor(logarithms.floats.map { -exp($0) }, name: logarithms.name)
    }

    private func scale(_ role: TensorRole) -> TensorView? {
        guard case .layer(let index, let layerRole) = role, let name = family.scales[layerRole] else {
            guard weights.hasMatrixFactors, let name = name(role) else { return nil }
            return name.contains("*") ? scales(name) : weights.tensor(Self.fullName(name, .scale))
        }
        return weights.tensor("\(layerPrefix)\(index).\(name)")
    }

    /// Some names say what they are and have no part (`sinks`), and some have it after an underscore (`gate_up_proj_bias`).
    private func plain(_ name: String, _ part: TensorPart, _ role: TensorRole) -> TensorView? {
        if let tensor = weights.tensor(Self.fullName(name, part)) { return tensor }
        switch (part, role) {
        case (.weight, _), (_, .layer(_, .routerBias)), (_, .layer(_, .mixerTimeBias)): return weights.tensor(name)
        case (.bias, _): return weights.tensor("\(name)_bias")
        default: return nil
        }
    }

    /// The matrices of all experts, or vectors of all heads, each in a tensor of its own.
    ///
    /// - Parameter name: with `*` for the number.
    private func stack(_ name: String) -> TensorView? {
        let parts = parts(name, .weight)
        guard let first = parts.first, first.dimensions.count <= 2 else { return nil }
        let dimensions = first.dimensions + [parts.count]
        guard case .derived = first.content else {
            return TensorView(
                name: name, dimensions: dimensions, type: first.type, elementCount: first.elementCount * parts.count,
                content: .parts(parts.map(\.bytes)))
        }
        return known(name) {
            DerivedTensor(name, first.type, dimensions) { target in
                let size = first.byteCount
                for (index, part) in parts.enumerated() {
                    let place = UnsafeMutableRawBufferPointer(rebasing: target[index * size..<(index + 1) * size])
                    if case .derived(let tensor) = part.content {
                        tensor.make(in: place)
                    } else {
                        place.copyMemory(from: part.bytes)
                    }
                }
            }
        }
    }

    /// The factors of the matrices of all experts; nil if they have none.
    private func scales(_ name: String) -> TensorView? {
        let parts = parts(name, .scale)
        guard !parts.isEmpty else { return nil }
        return known("\(name).scale") { DerivedTensor(parts.flatMap(\.floats), name: "\(name).scale") }
    }

    private func parts(_ name: String, _ part: TensorPart) -> [TensorView] {
        func expert(_ number: Int) -> TensorView? {
            weights.tensor(Self.fullName(name.replacing("*", with: "\(number)", maxReplacements: 1), part))
        }
        guard let first = expert(0) else { return [] }
        var parts = [first]
        while parts.count < 1 << 16, let next = expert(parts.count), next.dimensions == first.dimensions,
            next.type == first.type
        { parts.append(next) }
        return parts
    }

    /// A tensor in the order that the engine reads.
    private func arranged(_ tensor: TensorView, _ layout: CheckpointFamily.MatrixLayout, _ part: TensorPart)
        -> TensorView
    {
        let order: ElementOrder
        switch (layout, part, tensor.type.blockElements) {
        case (.transposed, .bias, _): return tensor
        // Weights in blocks are published in rows, whatever they were before.
        case (.transposed, _, 2...): return tensor
        case (.transposedPairs, _, 2...): order = .rowPairs
        case (.transposed, _, _): order = .transposed
        case (.transposedPairs, .bias, _): order = .pairs
        case (.transposedPairs, _, _): order = .transposedPairs
        }
        return known(tensor.name) { DerivedTensor(tensor, order) }
    }

    /// Each derived tensor exists once.
    private func known(_ name: String, make: () -> DerivedTensor) -> TensorView {
        derived.withLock { derived in
            let tensor = derived[name] ?? make()
            derived[name] = tensor
            return tensor.view
        }
    }

    /// Bytes of the matrices that are not used as they lie in the files.
    ///
    /// - Parameter layers: of the model.
    func derivedBytes(layers: Int) -> Int {
        family.layouts.keys.reduce(0) { sum, role in
            (0..<max(0, min(layers, 1024))).reduce(sum) { sum, layer in
                let tensor = name(.layer(layer, role)).flatMap { plain($0, .weight, .layer(layer, role)) }
                // Of packed ones, only the form in the right order is kept.
                guard let tensor, case .mapped = tensor.content else { return sum }
                return sum + tensor.byteCount
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
        case .attentionNorm, .queryNorm, .keyNorm, .attentionSubNorm, .postAttentionNorm, .latentNorm,
            .queryReductionNorm, .ffnNorm,
            .ffnSubNorm, .postFFNNorm, .denseOutputNorm, .expertsNorm, .expertsOutputNorm, .perLayerNorm,
            .altUpRouterNorm, .laurelNorm:
            true
        default: false
        }
    }
}
