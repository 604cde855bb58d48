extension CheckpointFamilies {
    /// Llama and what follows its plan.
    static let llama: [CheckpointFamily] = [
        CheckpointFamily(modelTypes: ["llama"], architecture: "llama") { reading throws(CheckpointError) in
            try reading.readActivation()
        },
        CheckpointFamily(
            modelTypes: ["mistral"], architecture: "llama"
        ) { reading throws(CheckpointError) in
            try reading.readActivation()
            try reading.readWindows { _ in true }
        },
        CheckpointFamily(modelTypes: ["seed_oss"], architecture: "seed_oss"),
        CheckpointFamily(modelTypes: ["smollm3"], architecture: "smollm3") { reading throws(CheckpointError) in
            let flags = reading.config["no_rope_layers"]?.array?.compactMap(\.integer)
            let interval = max(1, reading.config.integer("no_rope_layer_interval") ?? 4)
            // Despite its name, the list has 1 for layers that are rotated.
            let isRotated = flags ?? (0..<max(0, min(1024, reading.layers))).map { ($0 + 1) % interval == 0 ? 0 : 1 }
            reading.spec.ropeLayers = .listed
            reading.values[.ropePattern] = .integers(isRotated)
            let isEnabled = reading.config.flag("use_sliding_window") ?? false
            try reading.readWindows(isEnabled: isEnabled) { isRotated.indices.contains($0) && isRotated[$0] == 0 }
        },
        CheckpointFamily(
            modelTypes: ["apertus"], architecture: "apertus",
            names: [.attentionNorm: "attention_layernorm", .ffnNorm: "feedforward_layernorm"]
        ) { reading throws(CheckpointError) in
            for (key, name) in [
                (ConfigKey.xIELUAlphaN, "alpha_n"), (.xIELUAlphaP, "alpha_p"), (.xIELUBeta, "beta"),
                (.xIELUEpsilon, "eps"),
            ] {
                try reading.readNumbers(
                    key, "mlp.act_fn.\(name)", default: name == "beta" ? 0.5 : name == "eps" ? -1e-6 : nil)
            }
        },
        CheckpointFamily(modelTypes: ["ernie4_5"], architecture: "ernie4_5", pairing: .adjacent) {
            reading throws(CheckpointError) in
            // Its GGUF files lack the biases.
            reading.spec.ignoredBiases = []
        },
        CheckpointFamily(
            modelTypes: ["exaone4"], architecture: "exaone4",
            names: [
                .postAttentionNorm: "post_attention_layernorm", .postFFNNorm: "post_feedforward_layernorm",
            ], absent: [.ffnNorm]
        ) { reading throws(CheckpointError) in
            let pattern = reading.config.text("sliding_window_pattern").map { Array($0) }
            let period = pattern?.count ?? reading.config.integer("sliding_window_pattern") ?? 4
            try reading.readWindows { layer in
                guard period > 0 else { return false }
                return pattern.map { $0[layer % period] == "L" } ?? ((layer + 1) % period != 0)
            }
            // Layers with full attention have no positions, if there are others.
            reading.spec.ropeLayers = reading.spec.slidingWindow == nil ? .all : .onlyWindowed
        },
    ]

    static let sharedExpertNames: [LayerRole: String] = [
        .sharedGate: "mlp.shared_expert.gate_proj", .sharedUp: "mlp.shared_expert.up_proj",
        .sharedDown: "mlp.shared_expert.down_proj", .sharedRouter: "mlp.shared_expert_gate",
    ]

    static let qwen: [CheckpointFamily] = [
        CheckpointFamily(modelTypes: ["qwen2"], architecture: "qwen2") { reading throws(CheckpointError) in
            try reading.readQwenWindows()
        },
        CheckpointFamily(
            modelTypes: ["qwen2_moe"], architecture: "qwen2moe",
            names: sharedExpertNames
        ) { reading throws(CheckpointError) in
            try reading.readQwenWindows()
            reading.spec.experts.isNormalizationConfigured = true
        },
        CheckpointFamily(modelTypes: ["qwen3"], architecture: "qwen3") { reading throws(CheckpointError) in
            try reading.readQwenWindows()
        },
        CheckpointFamily(modelTypes: ["qwen3_moe"], architecture: "qwen3moe") { reading throws(CheckpointError) in
            try reading.readQwenWindows()
            reading.spec.experts.isNormalizationConfigured = true
            reading.spec.experts.normalizesWeights = false
        },
    ]
}

extension CheckpointReading {
    /// Only if `use_sliding_window` says so: in the layers from `max_window_layers` on.
    fileprivate mutating func readQwenWindows() throws(CheckpointError) {
        try readActivation()
        let first = config.integer("max_window_layers") ?? 28
        try readWindows(isEnabled: config.flag("use_sliding_window") ?? false) { $0 >= first }
    }

    /// A number for each layer, from tensors of one element.
    fileprivate mutating func readNumbers(
        _ key: ConfigKey, _ name: String, default: Double?
    ) throws(CheckpointError) {
        var numbers: [Double] = []
        for layer in 0..<min(1024, max(0, layers)) {
            let name = "\(layerPrefix)\(layer).\(name)"
            guard let value = weights.number(name) ?? `default` else {
                throw config.error("tensor \(name)", expected: "a number")
            }
            numbers.append(value)
        }
        values[key] = .numbers(numbers)
    }
}
