import Chat
import Files
import Foundation
import GGUF
import Inference
import Replies

/// Runs models with the engine in this program.
///
/// Recently used models stay loaded with their KV caches, so that switching back is fast, as long as together they need
/// no more than half of the memory.
public actor LocalProvider: Inspecting, TokenCounting, ModelResidency, Describing, TemplateChoosing, Fingerprinting {
    public nonisolated var profile: ProviderProfile { Self.profile }
    public static let profile = ProviderProfile(
        id: ModelReference.localProvider, title: "This program", place: .here)
    /// Finding and loading models blocks on the disk.
    private nonisolated let disk = DiskQueue(label: "models")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

    private let discovery: ModelDiscovery
    private let threads: Int?
    private let cacheType: KVCacheType
    private let instructionSet: InstructionSet?
    /// The name of the draft model.
    private let draft: String?
    private let fingerprints: ModelFingerprints
    private let tuning: KernelTuning?
    private let templates: ChosenTemplates?
    /// The most recently used first.
    private var loaded: [Loaded] = []
    /// The models that were used, by name.
    private var known: [String: ModelInfo] = [:]

    private struct Loaded {
        let path: String
        let adapter: String?
        /// The source of the template that the user chose.
        let template: String?
        let contextLength: Int
        let executionProvider: ExecutionProvider
        let engine: Engine
        let byteCount: Int
        /// The files of the model, its adapter and its draft model, as they were when it was loaded.
        let stamps: [String: FileVersion]

        /// Whether the engine is right for these settings. Only exports use a provider.
        func fits(_ contextLength: Int, _ provider: ExecutionProvider?) -> Bool {
            let usesOther = provider != nil && provider != executionProvider && engine.model.isExport
            return self.contextLength == contextLength && !usesOther
        }

        func isModel(_ info: ModelInfo) -> Bool { path == info.path && adapter == info.adapter }

        /// Whether the files are still those that were loaded. A file that has disappeared counts: what is mapped stays.
        var isCurrent: Bool { stamps.allSatisfy { path, stamp in FileVersion(of: path).map { $0 == stamp } ?? true } }
    }

    /// - Parameters:
    ///   - threads: compute threads; nil for one per usable core.
    ///   - cacheType: the element type of the KV caches.
    ///   - instructionSet: nil for the fastest that this processor supports.
    ///   - draft: name or path of a draft model for all models with the same vocabulary.
    ///   - tuning: nil uses the standard kernels without measuring.
    ///   - templates: the chat templates that the user chose for models.
    public init(
        discovery: ModelDiscovery, threads: Int? = nil, cacheType: KVCacheType = .f16,
        instructionSet: InstructionSet? = nil, draft: String? = nil,
        fingerprints: ModelFingerprints = ModelFingerprints(cache: nil), tuning: KernelTuning? = nil,
        templates: ChosenTemplates? = nil
    ) {
        self.discovery = discovery
        self.threads = threads
        self.cacheType = cacheType
        self.instructionSet = instructionSet
        self.draft = draft
        self.fingerprints = fingerprints
        self.tuning = tuning
        self.templates = templates
    }

    public nonisolated func models() async throws -> [ModelInfo] {
        let models = await DiskQueue.read { [discovery] in discovery.models() }
        // Not awaited: a model may be loading.
        Task { await self.update(models) }
        return models
    }

    /// Notes which files names now stand for, except for loaded models whose files have disappeared.
    private func update(_ models: [ModelInfo]) {
        for model in models where model.problem == nil {
            guard let old = known[model.reference.name], let path = old.path else { continue }
            let isOnlyLoaded = loaded.contains { $0.isModel(old) } && !FileManager.default.fileExists(atPath: path)
            if !isOnlyLoaded { known[model.reference.name] = model }
        }
    }

    public nonisolated func reply(
        to request: ReplyRequest, onEvent: @escaping @Sendable (ReplyEvent) -> Void
    ) async throws {
        if let remark = await pagingRemark(request.model) { onEvent(.notice(.other(remark))) }
        onEvent(.loading(name: request.model.name, fraction: 0))
        let (engine, remark) = try await chatEngine(for: request.model, request.settings.current)
        if let remark { onEvent(.notice(.other(remark))) }
        await Self.preload(engine, isCancelled: { request.cancellation.isCancelled }) { share in
            onEvent(.loading(name: request.model.name, fraction: share))
        }
        defer { Self.interleaveInIdleTime(engine) }
        // Of the file as it is now, which may not be the one that the session was started with.
        let fingerprint = fingerprints.known(path: ModelFiles.weights(of: try await path(of: request.model)))
        let defaults = try await defaults(of: request.model)
        try await engine.generate(GenerationRequest(request, defaults: defaults)) { event in
            if case .started(let seed, _) = event {
                onEvent(.started(seed: seed, fingerprint: fingerprint))
            } else {
                onEvent(event)
            }
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
        let (engine, _) = try await chatEngine(for: request.model, request.settings.current)
        let progress: @Sendable (Int, Int) -> Void = { yield(.progress(done: $0, total: $1)) }
        let asked = GenerationRequest(request, defaults: try await defaults(of: request.model))
        switch aim {
        case .nextToken: return .nextToken(try await engine.nextToken(asked, progress: progress))
        case .lastMessage: return .tokens(try await engine.score(asked, progress: progress))
        }
    }

    /// Reads a model's weights into memory unless they are cached, so that waiting for the disk shows as loading and can
    /// be cancelled. Does nothing for models that need half of the memory or more.
    private static func preload(
        _ engine: Engine, isCancelled: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Double) -> Void
    ) async {
        let model = engine.model
        guard !engine.isInterleaved, model.summary.fileBytes < Machine.memory / 2, model.residentShare < 0.98
        else { return }
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var reported = ContinuousClock.now
                model.readAhead(isCancelled: isCancelled) { share in
                    guard reported.duration(to: .now) > .milliseconds(100) else { return }
                    reported = .now
                    progress(share)
                }
                continuation.resume()
            }
            thread.start()
        }
    }

    /// Makes later replies faster. Whatever else the engine has to do comes between two matrices.
    private static func interleaveInIdleTime(_ engine: Engine) {
        Task.detached(priority: .utility) { [weak engine] in
            while await engine?.interleaveNext() == true {}
        }
    }

    /// That weights do not fit into memory, before they are loaded; nil if they do, or if the model is loaded.
    private func pagingRemark(_ reference: ModelReference) -> String? {
        guard let info = try? model(named: reference.name), !loaded.contains(where: { $0.isModel(info) }) else {
            return nil
        }
        return SpeedPrediction([], ModelSpeeds()).pagingText(of: info)
    }

    // MARK: Engines

    /// The engine for a chat. The user may choose a model that the draft model cannot draft for; it is then loaded
    /// without, with a remark.
    func chatEngine(
        for reference: ModelReference, _ settings: GenerationSettings = GenerationSettings()
    ) throws -> (engine: Engine, remark: String?) {
        let (length, provider) = (settings.contextLength, ExecutionProvider(settings.onnxProvider))
        do {
            return (try engine(for: reference, contextLength: length, provider: provider), nil)
        } catch let error as EngineError {
            guard case .draftVocabulary = error else { throw error }
            let undrafted = try engine(for: reference, contextLength: length, provider: provider, drafting: false)
            return (undrafted, "\(error)")
        }
    }

    /// The engine for a model. Loads the model if necessary.
    ///
    /// - Parameters:
    ///   - contextLength: context size in tokens; 0 for the model's own.
    ///   - provider: what ONNX Runtime computes with; nil for whichever it is loaded with, or else the CPU.
    ///   - drafting: whether to use the draft model, if there is one. It is an error if its vocabulary differs.
    public func engine(
        for reference: ModelReference, contextLength: Int = 0, provider: ExecutionProvider? = nil,
        drafting: Bool = true
    ) throws -> Engine {
        let info = try model(named: reference.name)
        let path = info.path ?? reference.name
        let template = try templates?.source(for: info.reference.name)
        loaded.removeAll { $0.isModel(info) && ($0.template != template || !$0.isCurrent) }
        if let index = loaded.firstIndex(where: { $0.isModel(info) && $0.fits(contextLength, provider) }) {
            let entry = loaded.remove(at: index)
            loaded.insert(entry, at: 0)
            return entry.engine
        }
        let adapters = info.adapter.map { [$0] } ?? []
        let drafter = try drafting ? self.draft.map { try file(of: $0) } : nil
        // Before they are read, so that a change in the meantime is noticed.
        let files = [path, drafter].compactMap(\.self).flatMap(ModelFiles.paths) + adapters
        let stamps = Self.stamps(of: files)
        let model = try Model.load(path: path, adapters: adapters, template: template)
        templates?.noteUse(for: info.reference.name)
        let draft = try drafter.flatMap { try $0 == path ? nil : Model.load(path: $0) }
        let options = EngineOptions(
            threads: threads, contextLength: contextLength == 0 ? nil : contextLength, cacheType: cacheType,
            instructionSet: instructionSet, executionProvider: provider ?? .cpu
        ).tuned(model.isExport ? nil : tuning)
        let plan = try MemoryPlan(model: model, draft: draft, options: options)
        makeRoom(for: plan.byteCount)
        let engine = try Engine(model: model, draft: draft, options: options)
        loaded.insert(
            Loaded(
                path: path, adapter: info.adapter, template: template, contextLength: contextLength,
                executionProvider: provider ?? .cpu, engine: engine, byteCount: plan.byteCount, stamps: stamps), at: 0)
        return engine
    }

    private static func stamps(of paths: [String]) -> [String: FileVersion] {
        Dictionary(
            paths.compactMap { path in FileVersion(of: path).map { (path, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    public nonisolated func load(_ model: ModelReference, settings: GenerationSettings) async throws {
        let engine = try await engine(
            for: model, contextLength: settings.contextLength, provider: ExecutionProvider(settings.onnxProvider))
        await Self.preload(engine, isCancelled: { false }, progress: { _ in })
        Self.interleaveInIdleTime(engine)
    }

    public func unload(_ reference: ModelReference) throws -> Bool {
        let info = try model(named: reference.name)
        let count = loaded.count
        loaded.removeAll { $0.isModel(info) }
        known = known.filter { $0.value.path != info.path }
        return loaded.count < count
    }

    /// Releases the least recently used engines.
    private func makeRoom(for byteCount: Int) {
        let memory = Machine.memory / 2
        while !loaded.isEmpty, loaded.reduce(byteCount, { $0 + $1.byteCount }) > memory { loaded.removeLast() }
    }

    private func path(of reference: ModelReference) throws -> String { try file(of: reference.name) }

    private func file(of name: String) throws -> String { try model(named: name).path ?? name }

    /// A model that is loaded is used even if its file has disappeared; any other is looked for again.
    private func model(named name: String) throws -> ModelInfo {
        if let model = known[name], let path = model.path,
            loaded.contains(where: { $0.isModel(model) }) || FileManager.default.fileExists(atPath: path)
        {
            return model
        }
        let model = try discovery.find(name)
        if let problem = model.problem { throw ModelNameError.unusable(name, problem) }
        known[name] = model
        return model
    }

    // MARK: Facts about a model

    /// What the model's store keeps for conversations with it; nil if that is nothing.
    public func defaults(of reference: ModelReference) throws -> ModelDefaults? {
        try model(named: reference.name).defaults
    }

    public nonisolated func identified(_ reference: ModelReference) async -> ModelReference? {
        guard let path = try? await path(of: reference),
            let fingerprint = await fingerprints.fingerprint(path: ModelFiles.weights(of: path))
        else { return nil }
        return ModelReference(provider: reference.provider, name: reference.name, fingerprint: fingerprint)
    }

    public func chooseTemplate(_ path: String?, for reference: ModelReference) throws {
        let info = try model(named: reference.name)
        if let path {
            let source = try ChosenTemplates.read(path)
            _ = try Model.load(path: info.path ?? reference.name, template: source)
        }
        try templates?.set(path, for: info.reference.name)
    }

    /// The license that the file names, or that its store keeps with it.
    public func license(of reference: ModelReference) throws -> String {
        try discovery.license(of: reference.name) ?? "The file of \(reference.name) does not name a license"
    }
}
