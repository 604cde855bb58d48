/// How a family knows the positions of tokens.
extension ArchitectureSpec {
    package enum RoPEPairing: Sendable {
        /// (x0, x1), (x2, x3), …
        case adjacent
        /// (x0, x[n/2]), (x1, x[n/2+1]), …
        case halves
        /// As `halves` if the configuration has sections for several axes, which are equal for text, else adjacent.
        case adjacentWithoutSections
    }

    /// The layers whose queries and keys are rotated; the others have no positions at all.
    package enum RoPELayers: Sendable {
        case all
        /// Layers with a sliding window; all if no layer has one.
        case windowed
        /// As before, but only these, and also the leading dense layers of a mixture of experts.
        case windowedOrLeadingDense
        case onlyWindowed
        /// All but the last of each group.
        case exceptLast(of: Int)
        /// All but the first of each group; all if no layer has a window.
        case exceptFirst(of: Int)
        /// None if the configuration says that RoPE was not trained (Granite).
        case ifTrained
        /// As the configuration lists them; all without a list.
        case listed
        /// All, in models with that many layers only (Baichuan 7B).
        case inModels(ofLayers: Int)
    }

    /// How the configured sections of the rotated pairs belong to three axes, on which text has the same positions, and to
    /// a fourth, on which it stays at 0.
    package enum RoPESections: Sendable {
        case none
        /// One section after the other.
        case blocks
        /// The pairs of the first three take turns.
        case interleaved
    }

    /// Attention with linear biases instead of rotated positions. (Press et al. 2022)
    package enum ALiBi: Sendable {
        case bias(Float)
        /// As configured; none by default.
        case configured
        /// In models with that many layers only (Baichuan 13B).
        case inModels(ofLayers: Int, bias: Float)
    }
}
