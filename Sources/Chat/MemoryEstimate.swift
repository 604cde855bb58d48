/// The memory that a model will need, estimated before its file is here. Once it is, `ModelInfo.memory` is exact.
public enum MemoryEstimate {
    /// The weights, a tenth of them for the KV cache, which grows with the model, and 512 MB for buffers.
    public static func byteCount(fileBytes: Int) -> Int {
        let (sum, overflow) = max(0, fileBytes).addingReportingOverflow(max(0, fileBytes) / 10 + 512_000_000)
        return overflow ? .max : sum
    }

    /// How a model of that size gets along with a computer's memory.
    ///
    /// - Parameters:
    ///   - needed: the memory that the model needs, in bytes.
    ///   - memory: the computer's physical memory, in bytes.
    public static func fit(_ needed: Int, in memory: Int) -> MemoryFit {
        if needed > memory { return .tooLarge }
        return Double(needed) <= Double(memory) * roomyShare ? .roomy : .tight
    }

    /// The share of the memory up to which other programs have enough left.
    private static let roomyShare = 0.75
}

/// How a model gets along with a computer's memory.
public enum MemoryFit: Sendable, Equatable {
    /// With room for other programs.
    case roomy
    /// Only if little else runs.
    case tight
    case tooLarge
}
