/// Limits on a file's contents, in addition to those given by its size.
public struct GGUFLimits: Sendable {
    /// The longest metadata key, in bytes; the format allows 65,535.
    public var keyBytes = 65_535
    /// The longest tensor name, in bytes; ggml's own limit is 63.
    public var nameBytes = 1_024
    /// The most metadata pairs.
    public var metadataCount = 100_000
    /// The most tensors.
    public var tensorCount = 1_000_000

    public init() {}
}
