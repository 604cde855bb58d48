import ArgumentParser
import Inference

/// The model and the threads: what every instrument that runs the engine takes.
struct EngineArguments: ParsableArguments {
    @Argument(help: "A GGUF file, or the name of a model that 'sotto models' lists.")
    var model: ModelArgument

    @Option(
        name: .shortAndLong, help: "Threads that compute (default: one for each physical core).",
        transform: ThreadCount.parse)
    var threads: Int?

    @OptionGroup var cache: CacheArguments

    /// - Parameter contextLength: tokens that will be read at most; the model's own length where it is shorter.
    func start(contextLength: Int? = nil) throws -> Engine {
        let model = try Model.load(path: try self.model.path())
        let length = contextLength.map { min(max(1, $0), model.summary.trainedContext) }
        return try Engine(
            model: model,
            options: EngineOptions(threads: threads, contextLength: length, cacheType: cache.kvType))
    }
}

/// How the engine keeps what it has read.
struct CacheArguments: ParsableArguments {
    @Option(help: "How keys and values are cached; q8_0 takes half the memory of f16.")
    var kvType = KVCacheType.f16
}

/// Who drafts.
struct DraftArguments: ParsableArguments {
    @Option(help: "A smaller model with the same vocabulary, which makes replies faster and changes nothing else.")
    var draftModel: ModelArgument?
}

extension KVCacheType: ExpressibleByArgument {}
