/// How decode reads weights, as far as the choice changes speed and no bit of a reply.
public struct DecodeKernels: Sendable, Hashable, Codable {
    public var prefetch: WeightPrefetch
    /// Whether the engine, when idle, makes copies of matrices with interleaved rows, which are read faster. Only some
    /// weight formats and instruction sets have such a form (`InterleavedWeights`).
    public var interleaves: Bool

    public init(prefetch: WeightPrefetch, interleaves: Bool) {
        self.prefetch = prefetch
        self.interleaves = interleaves
    }

    /// What suits most processors.
    public static let standard = DecodeKernels(prefetch: .standard, interleaves: true)
}
