/// What a file may ask of its reader, beyond what its own size justifies.
public struct GGUFLimits: Sendable {
    /// The longest metadata key in bytes; the format allows 65,535.
    public var keyBytes = 65_535
    /// The longest tensor name in bytes; ggml itself stops at 63.
    public var nameBytes = 1_024
    /// The most metadata pairs.
    public var metadataCount = 100_000
    /// The most tensors.
    public var tensorCount = 1_000_000

    public init() {}
}
