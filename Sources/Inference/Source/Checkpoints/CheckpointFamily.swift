/// How checkpoints of a kind of model are spelled and laid out, compared with Llama's.
///
/// Families are data, as in `Architectures`: the mathematics is the architecture's. What a configuration says in words of its
/// own (`query_pre_attn_scalar`, lists of kinds of layers) is translated by `adapt`.
struct CheckpointFamily: Sendable {
    /// The values of `model_type`.
    let modelTypes: [String]
    /// The family in `Architectures`.
    let architecture: String
    /// Which elements of a head are rotated as pairs. GGUF files of many families have their rows in another order.
    var pairing = ArchitectureSpec.RoPEPairing.halves
    /// Spellings of values that differ from `CheckpointNames.keys`.
    var keys: [ConfigKey: [String]] = [:]
    /// Names of layers' tensors that differ from `CheckpointNames.layer`.
    var names: [LayerRole: String] = [:]
    /// Roles whose usual name is that of another one here.
    var absent: Set<LayerRole> = []
    /// Names of other tensors that differ from `CheckpointNames.model`.
    var modelNames: [TensorRole: String] = [:]
    var layerPrefix = "layers."
    /// Names of factors that belong to a role's weights.
    var scales: [LayerRole: String] = [:]
    /// What is added to the weights of norms, which some families store as differences from 1.
    var normOffset: Float = 0
    /// How matrices are stored that are not [rows][columns].
    var layouts: [LayerRole: MatrixLayout] = [:]
    var adapt: @Sendable (inout CheckpointReading) throws(CheckpointError) -> Void = { _ in }

    /// The name of a layer's tensor, after the layer; nil if no checkpoint has it.
    func name(of role: LayerRole) -> String? {
        absent.contains(role) ? nil : names[role] ?? CheckpointNames.layer(role)
    }

    /// The order of a matrix's elements in a file.
    enum MatrixLayout: Sendable {
        /// [columns][rows], or [experts][columns][rows].
        case transposed
        /// The same, and rows of two matrices take turns, where the engine has one matrix after the other.
        case transposedPairs
    }
}

/// A configuration while it is translated.
struct CheckpointReading {
    let config: CheckpointConfig
    let weights: CheckpointWeights
    /// What tensors of the layers are called, before the role.
    let layerPrefix: String
    var spec: ArchitectureSpec
    var values: [ConfigKey: ConfigValue]

    var layers: Int { values[.layers]?.integer ?? 0 }
}

extension CheckpointReading {
    /// Layers whose kind is "sliding_attention" attend within a window; all others to everything.
    ///
    /// - Parameters:
    ///   - kinds: used if the file has no `layer_types`; true for layers with a window.
    mutating func readWindows(
        isEnabled: Bool = true, else kinds: (Int) -> Bool
    ) throws(CheckpointError) {
        guard isEnabled, let window = config.integer("sliding_window"), window > 0, layers > 0, layers <= 1024 else {
            spec.slidingWindow = nil
            values[.slidingWindow] = nil
            return
        }
        if spec.slidingWindow == nil { spec.slidingWindow = .init(pattern: 1, ropeBase: .same) }
        spec.slidingWindow?.onlyInModelsOfLayers = nil
        values[.slidingWindow] = .integer(window)
        values[.slidingWindowPattern] = .flags(try layerFlags("sliding_attention") ?? (0..<layers).map(kinds))
    }

    /// Which layers are of a kind; nil if the file has no `layer_types`.
    func layerFlags(_ kind: String) throws(CheckpointError) -> [Bool]? {
        guard config.has("layer_types") else { return nil }
        guard let kinds = config.texts("layer_types"), kinds.count >= layers else {
            throw config.error("layer_types", expected: "\(layers) kinds of layers")
        }
        let known: Set = ["sliding_attention", "full_attention"]
        if let other = kinds.first(where: { !known.contains($0) }) {
            throw config.error("layer_types", expected: "sliding_attention or full_attention, not \(other)")
        }
        return kinds.map { $0 == kind }
    }

    /// Takes the function of the feed-forward network from the file.
    mutating func readActivation(_ name: String = "hidden_act") throws(CheckpointError) {
        switch config.text(name) {
        case nil: break
        case "silu", "swish": spec.activation = .silu
        case "gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_python_tanh": spec.activation = .geluTanh
        case "relu": spec.activation = .relu
        case "relu2": spec.activation = .reluSquared
        case let other?:
            throw config.error(name, expected: "silu, gelu_pytorch_tanh, gelu_new, relu or relu2, not \(other)")
        }
    }

    mutating func setAttentionScale(inverseRootOf name: String) {
        if let scalar = config.number(name), scalar > 0 {
            spec.attentionScale = .fixed(Float(1 / scalar.squareRoot()))
        }
    }
}
