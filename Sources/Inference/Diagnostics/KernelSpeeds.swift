import GGUF

/// How fast matrices were multiplied, and what the machine could do at most.
public struct KernelSpeeds: Sendable, Equatable {
    public var limits: [Limit] = []
    public var rows: [Row] = []

    /// What no kernel can exceed.
    public struct Limit: Sendable, Equatable {
        public var instructionSet: InstructionSet
        public var threads: Int
        public var machine: MachineLimits
    }

    /// The speed of one format in one way.
    public struct Row: Sendable, Equatable {
        public var format: TensorType
        public var instructionSet: InstructionSet
        public var tokens: Int
        /// Whether the weights were read from memory, not from a cache.
        public var fromMemory: Bool
        public var threads: Int
        /// Bytes of weights per second.
        public var bytesPerSecond: Double
        /// Multiply-adds per second.
        public var productsPerSecond: Double
    }

    public func limit(_ set: InstructionSet, threads: Int) -> MachineLimits? {
        limits.first { $0.instructionSet == set && $0.threads == threads }?.machine
    }
}
