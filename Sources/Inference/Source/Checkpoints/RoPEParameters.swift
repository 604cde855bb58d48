import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Rotary positions as a `config.json` describes them, in any of its forms: `rope_theta` and `rope_scaling`, or
/// `rope_parameters`, for all layers or one for each kind of layer. (`modeling_rope_utils.py` of transformers)
struct RoPEParameters {
    /// nil if the file does not say.
    let base: Double?
    /// The share of a head that is rotated; nil if the file does not say.
    let rotatedShare: Double?
    let scaling: Scaling
    /// Of the model's first training, in tokens; nil if the file does not say.
    let originalContext: Int?

    enum Scaling: Equatable {
        case none
        case linear(factor: Double)
        case yarn(YaRN)
        /// Divisors of the frequencies for short and for long texts, and the factor of cosines and sines.
        case longRoPE(short: [Double], long: [Double], magnitude: Double)
        /// Low frequencies are divided by `factor`, high ones kept. (Llama 3.1)
        case llama3(factor: Double, low: Double, high: Double)
        /// Only the first pairs of a head turn, as slowly as if all of it did. (Gemma 4)
        case proportional
    }

    struct YaRN: Equatable {
        var factor: Double
        /// The factor of cosines and sines.
        var magnitude: Double
        /// The multiplier of attention's scale, which only some families use; 0 for none.
        var allDimMultiplier: Double
        var betaFast: Double
        var betaSlow: Double
        /// Whether the limits of the ramp are whole pairs.
        var hasWholeLimits: Bool
    }

    /// - Parameter layerType: such as "full_attention", for files with parameters by kind of layer.
    init(_ config: CheckpointConfig, layerType: String = "full_attention") throws(CheckpointError) {
        let field = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling"
        var fields = config.object(field) ?? JSONObject()
        if let own = fields[layerType]?.object {
            fields = own
        } else if fields.contains(where: { $0.name.hasSuffix("_attention") }) {
            fields = JSONObject()
        }
        func number(_ name: String) -> Double? { fields[name]?.double }
        base = number("rope_theta") ?? config.number("rope_theta") ?? config.number("rotary_emb_base")
        rotatedShare =
            number("partial_rotary_factor") ?? config.number("partial_rotary_factor") ?? config.number("rotary_pct")
            ?? config.number("rope_pct")
        let context = config.integer("max_position_embeddings")
        originalContext =
            fields["original_max_position_embeddings"]?.integer
            ?? config.integer("original_max_position_embeddings")
        func required(_ name: String) throws(CheckpointError) -> Double {
            guard let value = number(name), value > 0, value.isFinite else {
                throw config.error("\(field).\(name)", expected: "a number above 0")
            }
            return value
        }
        func numbers(_ name: String) throws(CheckpointError) -> [Double] {
            let values = fields[name]?.array?.compactMap(\.double) ?? []
            guard !values.isEmpty, values.count <= 4096, values.allSatisfy({ $0 > 0 }) else {
                throw config.error("\(field).\(name)", expected: "a list of numbers above 0")
            }
            return values
        }
        switch fields["rope_type"]?.string ?? fields["type"]?.string ?? "default" {
        // Dynamic scaling changes nothing up to the context that the model was trained for.
        case "default", "dynamic", "mrope": scaling = .none
        case "linear": scaling = .linear(factor: try required("factor"))
        case "yarn":
            let factor = number("factor") ?? Double(context ?? 1) / Double(max(1, originalContext ?? context ?? 1))
            scaling = .yarn(
                YaRN(
                    factor: factor, magnitude: number("attention_factor") ?? Self.magnitude(factor, number),
                    allDimMultiplier: number("mscale_all_dim") ?? 0, betaFast: number("beta_fast") ?? 32,
                    betaSlow: number("beta_slow") ?? 1,
                    hasWholeLimits: fields["truncate"]?.bool ?? true))
        case "longrope", "su":
            let original = Double(originalContext ?? context ?? 1)
            let factor = originalContext == nil ? number("factor") ?? 1 : Double(context ?? 1) / original
            let magnitude = factor <= 1 ? 1 : (1 + log(factor) / log(max(2, original))).squareRoot()
            scaling = .longRoPE(
                short: try numbers("short_factor"), long: try numbers("long_factor"),
                magnitude: number("attention_factor") ?? magnitude)
        case "llama3":
            scaling = .llama3(
                factor: try required("factor"), low: try required("low_freq_factor"),
                high: try required("high_freq_factor"))
        case "proportional": scaling = .proportional
        case let other:
            throw config.error(
                "\(field).rope_type",
                expected: "default, linear, dynamic, yarn, longrope, llama3 or proportional, not \(other)")
        }
    }

    /// YaRN's factor of cosines and sines. (DeepSeek's files give two multipliers.)
    private static func magnitude(_ factor: Double, _ number: (String) -> Double?) -> Double {
        func magnitude(_ multiplier: Double) -> Double { factor <= 1 ? 1 : 0.1 * multiplier * log(factor) + 1 }
        if let one = number("mscale"), let all = number("mscale_all_dim"), one != 0, all != 0 {
            return magnitude(one) / magnitude(all)
        }
        return magnitude(1)
    }

    // MARK: For the engine

    /// The values of the configuration that stand for the scaling.
    var values: [ConfigKey: ConfigValue] {
        var values: [ConfigKey: ConfigValue] = [:]
        if let base { values[.ropeBase] = .number(base) }
        if let originalContext { values[.ropeOriginalContext] = .integer(originalContext) }
        switch scaling {
        case .none, .llama3, .proportional: break
        case .linear(let factor):
            values[.ropeScalingType] = .text("linear")
            values[.ropeScalingFactor] = .number(factor)
        case .yarn(let yarn):
            values[.ropeScalingType] = .text("yarn")
            values[.ropeScalingFactor] = .number(yarn.factor)
            // The engine multiplies with what YaRN's paper says.
            values[.ropeScalingMagnitude] = .number(
                yarn.magnitude / (yarn.factor <= 1 ? 1 : 0.1 * log(yarn.factor) + 1))
            values[.yarnBetaFast] = .number(yarn.betaFast)
            values[.yarnBetaSlow] = .number(yarn.betaSlow)
        case .longRoPE(_, _, let magnitude):
            values[.ropeScalingType] = .text("longrope")
            values[.ropeScalingMagnitude] = .number(magnitude)
        }
        return values
    }

    /// Divisors of the frequencies of `pairs` pairs; nil if the scaling needs none.
    ///
    /// - Parameter share: of a head's pairs that turn, for proportional RoPE.
    func factors(
        _ set: TensorRole.RoPEFactorSet, pairs: Int, base: Double, trainedContext: Int
    ) -> [Float]? {
        switch (scaling, set) {
        case (.longRoPE(let short, _, _), .short): return short.map { Float($0) }
        case (.longRoPE(_, let long, _), .long): return long.map { Float($0) }
        case (.llama3(let factor, let low, let high), .always):
            let original = Double(originalContext ?? trainedContext)
            return (0..<pairs).map { pair in
                let frequency = pow(base, -Double(pair) / Double(pairs))
                let turns = original * frequency / (2 * .pi)
                if turns < low { return Float(factor) }
                if turns > high { return 1 }
                let kept = (turns - low) / (high - low)
                return Float(1 / ((1 - kept) / factor + kept))
            }
        case (.proportional, .always):
            // Pairs beyond the rotated ones stay where they are: their frequency is as good as 0.
            let turning = Int(Double(pairs) * min(1, max(0, rotatedShare ?? 1)))
            return (0..<pairs).map { $0 < turning ? 1 : 1e30 }
        default: return nil
        }
    }
}
