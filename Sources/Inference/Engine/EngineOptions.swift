/// What a person can choose about how a model runs.
public struct EngineOptions: Sendable, Equatable {
    /// Threads that compute, 1…256; nil for one per physical core.
    public var threads: Int?
    /// Tokens that fit the window; nil for the model's own length, as far as memory allows.
    public var contextLength: Int?
    /// How the attention cache is stored.
    public var cacheType: KVCacheType = .f16
    /// A kernel path to insist on; nil for the best this processor has.
    public var instructionSet: InstructionSet?
    /// Prompt tokens computed at a time, 1…4096; nil for a size that suits the model.
    public var prefillBatch: Int?

    public init(
        threads: Int? = nil, contextLength: Int? = nil, cacheType: KVCacheType = .f16,
        instructionSet: InstructionSet? = nil, prefillBatch: Int? = nil
    ) {
        self.threads = threads
        self.contextLength = contextLength
        self.cacheType = cacheType
        self.instructionSet = instructionSet
        self.prefillBatch = prefillBatch
    }
}
