import Foundation
import GGUF

/// What a model will take of the machine's memory, reckoned before anything is allocated.
public struct MemoryPlan: Sendable, Equatable {
    /// Tokens that fit the window.
    public let contextLength: Int
    /// Prompt tokens computed at a time.
    public let chunkLength: Int
    /// The mapped file, the full cache and the buffers together, and the draft model's.
    public let byteCount: Int

    /// The window a person asked for, or the model's own, halved until it fits into half of the memory that the
    /// weights leave.
    public init(model: Model, draft: Model? = nil, options: EngineOptions = .init()) throws(EngineError) {
        try self.init(model.numbers, model.summary, draft: draft, options)
    }

    /// The same from a file's header, without its weights, vocabulary and template being looked at; nil for a file of
    /// a family that is not known, or without what the reckoning needs.
    public init?(file: GGUFFile, options: EngineOptions = .init()) throws(EngineError) {
        guard let name = file.metadata["general.architecture"]?.string, let spec = Architectures.find(name),
            let numbers = try? Hyperparameters(spec, file.metadata),
            let vocabulary = file.tensor(named: "token_embd.weight")?.dimensions.last
        else { return nil }
        let summary = ModelSummary(
            name: name, architecture: name, parameters: file.tensors.reduce(0) { $0 &+ $1.elementCount },
            fileBytes: file.byteCount, format: "", trainedContext: numbers.trainedContext,
            vocabularyCount: vocabulary, layers: numbers.layers, embeddingLength: numbers.embedding,
            heads: numbers.heads, kvHeads: numbers.kvHeads)
        try self.init(numbers, summary, options)
    }

    private init(
        _ numbers: Hyperparameters, _ summary: ModelSummary, draft: Model? = nil, _ options: EngineOptions
    ) throws(EngineError) {
        let chunk = options.chunkLength ?? Self.suitableChunk(parameters: summary.parameters)
        guard (1...4096).contains(chunk) else { throw .chunkOutOfRange(chunk) }
        let memory = Machine.physicalMemory
        let models = [(numbers, summary)] + (draft.map { [($0.numbers, $0.summary)] } ?? [])
        let perToken = models.reduce(0) { $0 + KVCache.bytesPerToken($1.0, type: options.cacheType) }
        let fixed = models.reduce(0) { sum, model in
            let buffers = Decoder.bufferBytes(model.0, vocabulary: model.1.vocabularyCount, chunk: chunk)
            return sum + model.1.fileBytes + buffers
        }

        if let asked = options.contextLength {
            guard (1...numbers.trainedContext).contains(asked) else {
                throw .contextOutOfRange(asked, most: numbers.trainedContext)
            }
            contextLength = asked
        } else {
            var length = numbers.trainedContext
            while length > 1024, length > (memory - fixed) / 2 / perToken { length /= 2 }
            contextLength = length
        }
        chunkLength = min(chunk, contextLength)
        let (cache, overflow) = contextLength.multipliedReportingOverflow(by: perToken)
        byteCount = overflow ? .max : fixed.addingReportingOverflow(cache).partialValue
        guard !overflow, byteCount > 0, byteCount <= memory else {
            throw .notEnoughMemory(
                needed: max(byteCount, cache), available: memory, fitting: max(0, memory - fixed) / perToken)
        }
    }

    /// Large chunks use each weight for many tokens at once; a small one of a large model already takes a while, and
    /// progress should be seen. Fixed by the model's size, so that the same prompt is always computed the same way.
    private static func suitableChunk(parameters: Int) -> Int {
        switch parameters {
        case ..<1_500_000_000: 512
        case ..<5_000_000_000: 256
        default: 128
        }
    }
}
