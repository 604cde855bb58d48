/// A well-known model that can be fetched: one line of the table of recommended models.
public struct RecommendedModel: Sendable, Equatable, Identifiable {
    /// As `pull` takes it, such as "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M".
    public var address: String
    /// As people name it, such as "Qwen3 8B".
    public var title: String
    public var parameters: Int
    /// Parameters that a token uses, if they are fewer than all (mixture of experts).
    public var activeParameters: Int?
    /// Bytes to download.
    public var bytes: Int
    /// Its identifier, such as "Apache-2.0".
    public var license: String
    public var use: Use
    /// The month of its release, such as "2025-04"; nil if the line does not say.
    public var released: String?
    /// The day on which the facts were looked up, such as "2026-11-28".
    public var date: String
    /// Where they were looked up.
    public var source: String

    public var id: String { address }

    /// What a model is best at.
    public enum Use: String, Sendable, CaseIterable {
        case general, code, reasoning
        /// For quick answers and small computers.
        case small
    }

    public init(
        address: String, title: String, parameters: Int, activeParameters: Int? = nil, bytes: Int, license: String,
        use: Use, released: String? = nil, date: String, source: String
    ) {
        self.address = address
        self.title = title
        self.parameters = parameters
        self.activeParameters = activeParameters
        self.bytes = bytes
        self.license = license
        self.use = use
        self.released = released
        self.date = date
        self.source = source
    }

    /// The memory that it needs, in bytes, estimated from its size.
    public var memoryBytes: Int { MemoryEstimate.byteCount(fileBytes: bytes) }

    public func fit(in memory: Int) -> MemoryFit { MemoryEstimate.fit(memoryBytes, in: memory) }
}

/// Recommended models in the order in which a computer should be offered them.
public struct Recommendations: Sendable, Equatable {
    /// Those that fit this computer's memory, the best first, then the largest.
    public let fitting: [RecommendedModel]
    /// The others, the smallest first.
    public let tooLarge: [RecommendedModel]
    /// The largest that leaves room for other programs; nil if there is none.
    public let best: RecommendedModel?

    /// - Parameter memory: the computer's physical memory, in bytes.
    public init(_ models: [RecommendedModel], memory: Int) {
        // Of equally large ones, the first of the table.
        let ordered = models.enumerated().sorted { left, right in
            (right.element.parameters, left.offset) < (left.element.parameters, right.offset)
        }.map(\.element)
        let best = ordered.first { $0.fit(in: memory) == .roomy }
        self.best = best
        let fitting = ordered.filter { $0.fit(in: memory) != .tooLarge }
        self.fitting = fitting.filter { $0 == best } + fitting.filter { $0 != best }
        tooLarge = ordered.filter { $0.fit(in: memory) == .tooLarge }.reversed()
    }
}
