import ArgumentParser
import Inference
import Providers

/// The arguments of every diagnostic command that runs the engine.
struct EngineArguments: ParsableArguments {
    @Argument(help: "A GGUF file, a Hugging Face folder, an ONNX export, or a model name from 'sotto models'.")
    var model: ModelArgument

    @Option(
        name: .shortAndLong, help: "Number of compute threads (default: one per usable core).",
        transform: ThreadCount.parse)
    var threads: Int?

    @OptionGroup var instructions: InstructionSetArguments

    @OptionGroup var cache: CacheArguments

    /// - Parameters:
    ///   - contextLength: the context needed, in tokens; limited to what the model was trained for.
    ///   - prefillBatch: prompt tokens computed in one pass; nil for what suits the model.
    func start(contextLength: Int? = nil, prefillBatch: Int? = nil) throws -> Engine {
        let model = try self.model.load()
        let length = contextLength.map { min(max(1, $0), model.summary.trainedContext) }
        return try Engine(
            model: model,
            options: EngineOptions(
                threads: threads, contextLength: length, cacheType: cache.kvType,
                instructionSet: try instructions.chosen(), prefillBatch: prefillBatch
            ).tuned(Catalogue.current.tuning(for: model)))
    }
}

/// How the KV cache is stored.
struct CacheArguments: ParsableArguments {
    @Option(help: "Format of the KV cache; q8_0 needs half the memory of f16.")
    var kvType = KVCacheType.f16
}

/// The draft model of speculative decoding.
struct DraftArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Smaller model with the same vocabulary for speculative decoding (same output, faster).",
            valueName: "model"))
    var draftModel: ModelArgument?
}

extension KVCacheType: ExpressibleByArgument {}
