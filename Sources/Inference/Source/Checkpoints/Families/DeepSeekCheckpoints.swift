#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension CheckpointFamilies {
    /// DeepSeek's line: keys, values and mostly queries from latent vectors.
    static let deepSeek: [CheckpointFamily] = [
        CheckpointFamily(
            modelTypes: ["deepseek_v3", "kimi_k2"], architecture: "deepseek2", pairing: .adjacent, names: sharedExperts
        ) { reading throws(CheckpointError) in
            try reading.readActivation()
            try reading.readLatentAttention()
            if reading.config.flag("rope_interleave") == false { reading.spec.rope = .halves }
            reading.readGroups()
            reading.values[.expertGating] = .integer(2)  // sigmoid
            if reading.values[.expertWeightsNormalization] == nil {
                reading.values[.expertWeightsNormalization] = .flag(true)
            }
        },
        CheckpointFamily(
            modelTypes: ["deepseek_v2"], architecture: "deepseek2", pairing: .adjacent, names: sharedExperts
        ) { reading throws(CheckpointError) in
            try reading.readActivation()
            try reading.readLatentAttention()
            switch reading.config.text("topk_method") ?? "greedy" {
            case "greedy": reading.leaveOutGroups()
            case "group_limited_greedy": reading.readGroups()
            case let other:
                throw reading.config.error("topk_method", expected: "greedy or group_limited_greedy, not \(other)")
            }
            reading.spec.experts.scoresGroupsByBest = true
            reading.values[.expertGating] = .integer(1)  // softmax
            // Whatever the file says, as in transformers.
            reading.values[.expertWeightsNormalization] = .flag(false)
        },
    ]

    private static let sharedExperts: [LayerRole: String] = [
        .sharedGate: "mlp.shared_experts.gate_proj", .sharedUp: "mlp.shared_experts.up_proj",
        .sharedDown: "mlp.shared_experts.down_proj",
    ]
}

extension CheckpointReading {
    /// The sizes of latent attention, and the values by which GGUF files describe it.
    fileprivate mutating func readLatentAttention() throws(CheckpointError) {
        func size(_ name: String, _ range: ClosedRange<Int>) throws(CheckpointError) -> Int {
            guard let size = config.integer(name), range.contains(size) else {
                throw config.error(name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
            }
            return size
        }
        let rank = try size("kv_lora_rank", 1...65_536)
        let (own, rotated) = (try size("qk_nope_head_dim", 1...1022), try size("qk_rope_head_dim", 2...1022))
        guard rotated % 2 == 0 else { throw config.error("qk_rope_head_dim", expected: "an even number") }
        guard own + rotated <= 1024 else {
            throw config.error(
                "qk_nope_head_dim", expected: "at most \(1024 - rotated), with qk_rope_head_dim \(rotated)")
        }
        values[.headDim] = .integer(rank + rotated)
        values[.valueDim] = .integer(rank)
        values[.kvHeads] = .integer(1)
        values[.expandedHeadDim] = .integer(own + rotated)
        values[.expandedValueDim] = .integer(try size("v_head_dim", 1...1024))
        values[.ropeDim] = .integer(rotated)
        // llama.cpp wants to know it, also if there is none.
        if values[.queryRank] == nil { values[.queryRank] = .integer(0) }
        // Their class in transformers has its own default.
        spec.latentNormEpsilon = 1e-6
        try readYaRN()
    }

    /// Attention's scale has the square of a magnitude with a multiplier of its own. The engine, as readers of GGUF files do,
    /// squares the magnitude of cosines and sines with it, so that this must be divided out.
    private mutating func readYaRN() throws(CheckpointError) {
        let yarn: RoPEParameters.YaRN
        switch try RoPEParameters(config).scaling {
        case .none: return
        case .yarn(let parameters): yarn = parameters
        default: throw config.error("rope_parameters.rope_type", expected: "default or yarn")
        }
        guard yarn.magnitude.isFinite, yarn.magnitude > 0, yarn.allDimMultiplier.isFinite else {
            throw config.error("rope_parameters.attention_factor", expected: "a number above 0")
        }
        guard yarn.factor > 1, yarn.factor.isFinite else {
            guard yarn.magnitude == 1 else {
                throw config.error("rope_parameters.factor", expected: "a number above 1")
            }
            return
        }
        let logarithm = 0.1 * log(yarn.factor)
        let multiplier = ((yarn.allDimMultiplier * logarithm + 1) / yarn.magnitude - 1) / logarithm
        // Without a multiplier, readers suppose YaRN's usual magnitude of cosines and sines.
        let magnitude = multiplier == 0 ? yarn.magnitude / (logarithm + 1) : yarn.magnitude
        // Rounded as in GGUF files, so that a converted model is the same.
        values[.ropeScalingMagnitude] = .number(Double(Float(magnitude)))
        values[.yarnLogMultiplier] = .number(Double(Float(multiplier / 10)))
    }

    // MARK: Groups of experts

    /// If all groups are used, there is no choice between them.
    fileprivate mutating func readGroups() {
        if values[.expertGroups] == values[.expertGroupsUsed] { leaveOutGroups() }
    }

    fileprivate mutating func leaveOutGroups() {
        values[.expertGroups] = nil
        values[.expertGroupsUsed] = nil
    }
}
