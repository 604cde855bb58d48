import Chat
import Foundation
import GGUF
import Inference

/// The engine in this program as a provider of replies.
///
/// The last models that were used stay loaded with what they have read, so that switching back is quick, as long as
/// together they take no more than half of the memory.
public actor LocalProvider: Provider {
    public static let id = "local"
    public nonisolated var id: String { Self.id }

    private let discovery: ModelDiscovery
    private let threads: Int?
    private let cacheType: KVCacheType
    private let fingerprints: ModelFingerprints
    /// The latest first.
    private var loaded: [Loaded] = []
    /// Where the models lie that were used, by name.
    private var paths: [String: String] = [:]

    private struct Loaded {
        let path: String
        let contextLength: Int
        let engine: Engine
        let byteCount: Int
    }

    /// - Parameters:
    ///   - threads: that compute; nil for one per physical core.
    ///   - cacheType: how the engines keep keys and values.
    public init(
        discovery: ModelDiscovery, threads: Int? = nil, cacheType: KVCacheType = .f16,
        fingerprints: ModelFingerprints = ModelFingerprints(cache: nil)
    ) {
        self.discovery = discovery
        self.threads = threads
        self.cacheType = cacheType
        self.fingerprints = fingerprints
    }

    public nonisolated func models() async throws -> [ModelInfo] { discovery.models() }

    public nonisolated func reply(to request: ReplyRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await self.reply(to: request) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private nonisolated func reply(to request: ReplyRequest, yield: (ReplyEvent) -> Void) async throws {
        yield(.loading(name: request.model.name, fraction: 0))
        let engine = try await engine(for: request)
        // Whatever the session says, the reply is by the file that is there now.
        var model = request.model
        model.fingerprint = fingerprints.known(path: try await path(of: model))
        var texts = TokenTexts(engine.model.tokenizer)
        for try await event in engine.generate(GenerationRequest(request)) {
            yield(ReplyEvent(event, model: model, texts: &texts))
        }
    }

    public nonisolated func inspect(
        _ aim: InspectionAim, _ request: ReplyRequest
    ) -> AsyncThrowingStream<InspectionEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    continuation.yield(try await self.answer(aim, request) { continuation.yield($0) })
                    continuation.finish()
                } catch EngineError.cancelled {
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private nonisolated func answer(
        _ aim: InspectionAim, _ request: ReplyRequest, yield: @escaping @Sendable (InspectionEvent) -> Void
    ) async throws -> InspectionEvent {
        let engine = try await engine(for: request)
        let progress: @Sendable (Int, Int) -> Void = { yield(.progress(done: $0, total: $1)) }
        switch aim {
        case .nextToken: return .nextToken(try await engine.nextToken(GenerationRequest(request), progress: progress))
        case .lastMessage:
            let reports = try await engine.score(GenerationRequest(request), progress: progress)
            var texts = TokenTexts(engine.model.tokenizer)
            return .tokens(reports.map { texts.token($0) })
        }
    }

    // MARK: Engines

    private func engine(for request: ReplyRequest) throws -> Engine {
        try engine(for: request.model, contextLength: request.settings.current.contextLength)
    }

    /// The engine that runs a model, loaded if it is not.
    ///
    /// - Parameter contextLength: tokens of the window; 0 for the model's own.
    public func engine(for reference: ModelReference, contextLength: Int = 0) throws -> Engine {
        let path = try path(of: reference)
        if let index = loaded.firstIndex(where: { $0.path == path && $0.contextLength == contextLength }) {
            let entry = loaded.remove(at: index)
            loaded.insert(entry, at: 0)
            return entry.engine
        }
        let model = try Model.load(path: path)
        let options = EngineOptions(
            threads: threads, contextLength: contextLength == 0 ? nil : contextLength, cacheType: cacheType)
        let plan = try MemoryPlan(model: model, options: options)
        makeRoom(for: plan.byteCount)
        let engine = try Engine(model: model, options: options)
        loaded.insert(
            Loaded(path: path, contextLength: contextLength, engine: engine, byteCount: plan.byteCount), at: 0)
        return engine
    }

    /// Lets go of a model's engines; false where it has none. A reply that is being written still ends.
    public func unload(_ reference: ModelReference) throws -> Bool {
        let path = try path(of: reference)
        let count = loaded.count
        loaded.removeAll { $0.path == path }
        return loaded.count < count
    }

    /// Lets go of the engines that were not used for longest.
    private func makeRoom(for byteCount: Int) {
        let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 2
        while !loaded.isEmpty, loaded.reduce(byteCount, { $0 + $1.byteCount }) > memory { loaded.removeLast() }
    }

    private func path(of reference: ModelReference) throws -> String {
        if let path = paths[reference.name] { return path }
        let model = try discovery.find(reference.name)
        if let problem = model.problem { throw ModelNameError.unusable(reference.name, problem) }
        paths[reference.name] = model.path
        return model.path ?? reference.name
    }

    // MARK: What there is to know about a model

    /// The model with the fingerprint of its file as it is now, which may take seconds; nil where it cannot be read.
    public nonisolated func identified(_ reference: ModelReference) async -> ModelReference? {
        guard let path = try? await path(of: reference),
            let fingerprint = await fingerprints.fingerprint(path: path)
        else { return nil }
        return ModelReference(provider: reference.provider, name: reference.name, fingerprint: fingerprint)
    }

    /// The chat template as the file has it.
    public func template(of reference: ModelReference) throws -> String {
        guard let template = try engine(for: reference).model.template else {
            throw ModelNameError.unusable(reference.name, "it has no chat template (a base model)")
        }
        return template.source
    }

    /// The prompt as the model would read it now.
    public func prompt(of reference: ModelReference, system: String?, messages: [Message]) async throws -> String {
        let engine = try engine(for: reference)
        let tokens = try await engine.tokens(of: Self.prompt(system, messages))
        return engine.model.tokenizer?.decode(tokens, special: true) ?? ""
    }

    /// How many tokens the prompt has as the model would read it now, and how many its window holds.
    public func promptLength(
        of reference: ModelReference, system: String?, messages: [Message], contextLength: Int
    ) async throws -> (tokens: Int, limit: Int) {
        let engine = try engine(for: reference, contextLength: contextLength)
        return (try await engine.tokens(of: Self.prompt(system, messages)).count, engine.contextLength)
    }

    private static func prompt(_ system: String?, _ messages: [Message]) -> Prompt {
        .messages((system.map { [ChatTurn(role: .system, content: $0)] } ?? []) + messages.map { ChatTurn($0) })
    }

    /// The license that the file names, and its text where the file has it.
    public func license(of reference: ModelReference) throws -> String {
        let metadata = try GGUFFile(path: try path(of: reference)).metadata
        let keys = ["general.license", "general.license.name", "general.license.link"]
        let lines = keys.compactMap { metadata[$0]?.string }
        return lines.isEmpty ? "The file of \(reference.name) names no license." : lines.joined(separator: "\n")
    }
}
