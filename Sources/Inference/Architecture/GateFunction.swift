import CKernels

/// The function between a feed-forward network's matrices, with a layer's constants.
struct GateFunction: Sendable {
    /// Without a gate, the function is applied to `up`.
    let isGated: Bool
    let activation: sotto_activation
}

extension ArchitectureSpec.Activation {
    /// - Parameters:
    ///   - limit: the layer's configured limit; 0 for none.
    ///   - xIELU: the layer's constants αn, αp, β and ε.
    func kernel(limit: Float = 0, xIELU: [Float] = []) -> sotto_activation {
        switch self {
        case .silu: .init(SOTTO_SILU)
        case .geluTanh: .init(SOTTO_GELU_TANH)
        case .relu: .init(SOTTO_RELU)
        case .reluSquared: .init(SOTTO_RELU_SQUARED)
        case .sigmoid: .init(SOTTO_SIGMOID)
        case .softplus: .init(SOTTO_SOFTPLUS)
        case .xIELU: .init(SOTTO_XIELU, xIELU)
        case .clampedSwiGLU(let alpha, let limit): .init(SOTTO_SWIGLU_OAI, [alpha, limit])
        case .limitedSiLU: limit > 1e-6 ? .init(SOTTO_SILU_CLAMPED, [limit]) : .init(SOTTO_SILU)
        case .siluOfLimited: limit > 1e-6 ? .init(SOTTO_SILU_OF_CLAMPED, [limit]) : .init(SOTTO_SILU)
        }
    }
}

extension sotto_activation {
    /// - Parameter parameters: at most four.
    init(_ kind: sotto_activation_kind, _ parameters: [Float] = []) {
        self.init()
        self.kind = kind
        withUnsafeMutableBytes(of: &self.parameters) { bytes in
            for (index, value) in parameters.prefix(4).enumerated() {
                bytes.storeBytes(of: value, toByteOffset: index * MemoryLayout<Float>.stride, as: Float.self)
            }
        }
    }
}
