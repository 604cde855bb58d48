import ONNXRuntime

/// What ONNX Runtime computes with.
public typealias ExecutionProvider = ONNXRuntime.ExecutionProvider

/// How to run a model.
public struct EngineOptions: Sendable, Equatable {
    /// Compute threads, 1…256; nil for one per usable core (`UsableCores`).
    public var threads: Int?
    /// Context size in tokens; nil for the model's own, as far as memory allows.
    public var contextLength: Int?
    /// The element type of the KV cache.
    public var cacheType: KVCacheType = .f16
    /// nil for the best that this processor supports.
    public var instructionSet: InstructionSet?
    /// What ONNX Runtime computes with, for ONNX exports.
    public var executionProvider = ExecutionProvider.cpu
    /// How decode reads weights; `KernelTuner` finds the best.
    public var kernels = DecodeKernels.standard
    /// Prompt tokens computed at a time, 1…4096; nil for a size that suits the model.
    public var prefillBatch: Int?

    public init(
        threads: Int? = nil, contextLength: Int? = nil, cacheType: KVCacheType = .f16,
        instructionSet: InstructionSet? = nil, kernels: DecodeKernels = .standard, prefillBatch: Int? = nil,
        executionProvider: ExecutionProvider = .cpu
    ) {
        self.threads = threads
        self.contextLength = contextLength
        self.cacheType = cacheType
        self.instructionSet = instructionSet
        self.kernels = kernels
        self.prefillBatch = prefillBatch
        self.executionProvider = executionProvider
    }

    /// What an engine with these options uses.
    public var usedThreads: Int { threads ?? UsableCores.current.count }
    public var usedInstructionSet: InstructionSet { instructionSet ?? .best }
}
