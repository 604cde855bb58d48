extension RoPEScaling {
    /// As the configuration says.
    init(
        _ reader: ConfigReader, _ spec: ArchitectureSpec, originalContext: Int
    ) throws(ModelError) {
        // Older files use another name; 0 means no scaling.
        let older = try reader.double(.ropeScalingFactorOlder, in: 0...1e6, default: 0)
        let factor = try reader.double(.ropeScalingFactor, in: 0...1e6, default: older)
        self.factor = factor == 0 ? 1 : factor
        magnitude = try reader.double(.ropeScalingMagnitude, in: 1e-3...1e3, default: 1)
        var mix = 0.0
        switch reader.text(.ropeScalingType) ?? "linear" {
        case "none": self.factor = 1
        case "linear", "longrope": break
        case "yarn": mix = 1
        case let other:
            throw reader.invalid(.ropeScalingType, found: other, expected: "none, linear, yarn or longrope")
        }
        if spec.readsYaRNMix {
            // Below 0 it depends on the type.
            let configured = try reader.double(.yarnMix, in: -1...1, default: -1)
            if configured >= 0 { mix = configured }
            if mix == 0 { magnitude *= try reader.double(.linearMagnitude, in: 1e-3...1e3, default: 1) }
        }
        guard mix > 0 else { return }
        kind = .yarn(
            originalContext: originalContext,
            betaFast: try reader.double(.yarnBetaFast, in: 1e-3...1e6, default: spec.defaultYaRNBetaFast),
            betaSlow: try reader.double(.yarnBetaSlow, in: 1e-3...1e6, default: 1),
            logMultiplier: try reader.yarnLogMultiplier(spec), mix: mix,
            isRounded: spec.roundsYaRNLimits)
    }
}
