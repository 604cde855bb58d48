import Chat
import Foundation
import GGUF
import Inference
import Synchronization

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
    /// The name of the model that drafts for the others.
    private let draft: String?
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
    ///   - draft: a model that drafts for those that share its vocabulary, by name or path.
    public init(
        discovery: ModelDiscovery, threads: Int? = nil, cacheType: KVCacheType = .f16, draft: String? = nil,
        fingerprints: ModelFingerprints = ModelFingerprints(cache: nil)
    ) {
        self.discovery = discovery
        self.threads = threads
        self.cacheType = cacheType
        self.draft = draft
        self.fingerprints = fingerprints
    }

    public nonisolated func models() async throws -> [ModelInfo] { discovery.models() }

    public nonisolated func reply(
        to request: ReplyRequest, tell: @escaping @Sendable (ReplyEvent) -> Void
    ) async throws {
        tell(.loading(name: request.model.name, fraction: 0))
        let (engine, remark) = try await chatEngine(for: request.model, request.settings.current.contextLength)
        if let remark { tell(.notice(.other(remark))) }
        await Self.readAhead(engine.model, isCancelled: { request.cancellation.isCancelled }) { share in
            tell(.loading(name: request.model.name, fraction: share))
        }
        // Whatever the session says, the reply is by the file that is there now.
        var model = request.model
        model.fingerprint = fingerprints.known(path: try await path(of: model))
        let texts = Mutex(TokenTexts(engine.model.tokenizer))
        try await engine.generate(GenerationRequest(request)) { [model] event in
            tell(texts.withLock { ReplyEvent(event, model: model, texts: &$0) })
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
        let (engine, _) = try await chatEngine(for: request.model, request.settings.current.contextLength)
        let progress: @Sendable (Int, Int) -> Void = { yield(.progress(done: $0, total: $1)) }
        switch aim {
        case .nextToken: return .nextToken(try await engine.nextToken(GenerationRequest(request), progress: progress))
        case .lastMessage:
            let reports = try await engine.score(GenerationRequest(request), progress: progress)
            var texts = TokenTexts(engine.model.tokenizer)
            return .tokens(reports.map { texts.token($0) })
        }
    }

    /// Brings a model's weights into memory where they are not there yet, so that the wait for the disk is seen as what
    /// it is, and can be stopped. A model that takes much of the memory is left to the system.
    public static func readAhead(
        _ model: Model, isCancelled: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Double) -> Void
    ) async {
        guard model.summary.fileBytes < Machine.physicalMemory / 2, model.residentShare < 0.98 else { return }
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var told = ContinuousClock.now
                model.readAhead(isCancelled: isCancelled) { share in
                    guard told.duration(to: .now) > .milliseconds(100) else { return }
                    told = .now
                    progress(share)
                }
                continuation.resume()
            }
            thread.start()
        }
    }

    // MARK: Engines

    /// The engine for a chat. There models change while the draft model stays: one that it cannot draft for goes without,
    /// with a remark when it is loaded.
    private func chatEngine(
        for reference: ModelReference, _ contextLength: Int = 0
    ) throws -> (engine: Engine, remark: String?) {
        do {
            return (try engine(for: reference, contextLength: contextLength), nil)
        } catch let error as EngineError {
            guard case .draftVocabulary = error else { throw error }
            return (try engine(for: reference, contextLength: contextLength, drafting: false), "\(error)")
        }
    }

    /// The engine that runs a model, loaded if it is not.
    ///
    /// - Parameters:
    ///   - contextLength: tokens of the window; 0 for the model's own.
    ///   - drafting: with the draft model, where there is one; an error where it has another vocabulary.
    public func engine(
        for reference: ModelReference, contextLength: Int = 0, drafting: Bool = true
    ) throws -> Engine {
        let path = try path(of: reference)
        if let index = loaded.firstIndex(where: { $0.path == path && $0.contextLength == contextLength }) {
            let entry = loaded.remove(at: index)
            loaded.insert(entry, at: 0)
            return entry.engine
        }
        let model = try Model.load(path: path)
        let drafter = try drafting ? self.draft.map { try file(of: $0) } : nil
        let draft = try drafter.flatMap { try $0 == path ? nil : Model.load(path: $0) }
        let options = EngineOptions(
            threads: threads, contextLength: contextLength == 0 ? nil : contextLength, cacheType: cacheType)
        let plan = try MemoryPlan(model: model, draft: draft, options: options)
        makeRoom(for: plan.byteCount)
        let engine = try Engine(model: model, draft: draft, options: options)
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
        let memory = Machine.physicalMemory / 2
        while !loaded.isEmpty, loaded.reduce(byteCount, { $0 + $1.byteCount }) > memory { loaded.removeLast() }
    }

    private func path(of reference: ModelReference) throws -> String { try file(of: reference.name) }

    private func file(of name: String) throws -> String {
        if let path = paths[name] { return path }
        let model = try discovery.find(name)
        if let problem = model.problem { throw ModelNameError.unusable(name, problem) }
        paths[name] = model.path
        return model.path ?? name
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
        guard let template = try chatEngine(for: reference).engine.model.template else {
            throw ModelNameError.unusable(reference.name, "it has no chat template (a base model)")
        }
        return template.source
    }

    /// The prompt as the model would read it now.
    public func prompt(
        of reference: ModelReference, system: String?, messages: [Message], thinking: Thinking
    ) async throws -> String {
        let engine = try chatEngine(for: reference).engine
        let tokens = try await engine.tokens(of: Self.prompt(system, messages, thinking))
        return engine.model.tokenizer?.decode(tokens, special: true) ?? ""
    }

    /// How many tokens the prompt has as the model would read it now, and how many its window holds.
    public func promptLength(
        of reference: ModelReference, system: String?, messages: [Message], settings: GenerationSettings
    ) async throws -> (tokens: Int, limit: Int) {
        let engine = try chatEngine(for: reference, settings.contextLength).engine
        let tokens = try await engine.tokens(of: Self.prompt(system, messages, settings.thinking))
        return (tokens.count, engine.contextLength)
    }

    private static func prompt(_ system: String?, _ messages: [Message], _ thinking: Thinking) -> Prompt {
        let turns = (system.map { [ChatTurn(role: .system, content: $0)] } ?? []) + messages.map { ChatTurn($0) }
        return Prompt(turns, thinking: thinking)
    }

    /// The license that the file names, and its text where the file has it.
    public func license(of reference: ModelReference) throws -> String {
        let metadata = try GGUFFile(path: try path(of: reference)).metadata
        let lines = ModelDiscovery.licenseLines(metadata)
        return lines.isEmpty ? "The file of \(reference.name) names no license." : lines.joined(separator: "\n")
    }
}
