import Chat
import ChatApp
import Files
import Foundation
import Sessions

/// Runs the chat's effects in order on a disk queue, away from the chat's thread and from Swift's task threads.
///
/// A reply starts only after the effects before it are done: the user's message is on disk before inference begins.
/// Whatever takes long is started here and runs in a task of its own.
actor EffectRunner {
    private nonisolated let disk = DiskQueue(label: "disk")
    nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

    private nonisolated let effects: AsyncStream<Effect>
    private nonisolated let continuation: AsyncStream<Effect>.Continuation
    private let mailbox: Mailbox
    private let catalogue: Catalogue
    private let history: HistoryFile
    private let preferences: PreferenceStore
    private var sessions: SessionEffects
    private var replies: ReplyEffects
    private var models: ModelEffects
    private let presets: PresetEffects
    private let composer: ComposerEffects

    init(
        mailbox: Mailbox, registry: ProviderRegistry, services: ServiceSetup, catalogue: Catalogue,
        sessions: sending SessionKeeper, preferences: Preferences
    ) {
        (effects, continuation) = AsyncStream.makeStream()
        self.mailbox = mailbox
        self.catalogue = catalogue
        history = HistoryFile(catalogue.home)
        let settings = LiveSettings(GenerationSettings())
        let store = PreferenceStore(preferences, home: catalogue.home, mailbox: mailbox)
        self.preferences = store
        self.sessions = SessionEffects(sessions, preferences: store, mailbox: mailbox)
        replies = ReplyEffects(registry: registry, settings: settings, mailbox: mailbox)
        models = ModelEffects(
            registry: registry, services: services, catalogue: catalogue, settings: settings, preferences: store,
            mailbox: mailbox)
        presets = PresetEffects(store: catalogue.presets, mailbox: mailbox)
        composer = ComposerEffects(registry: registry, mailbox: mailbox)
    }

    /// Why the session could not be saved last time.
    var saveProblem: String? { sessions.saveProblem }

    /// Queues an effect and returns immediately.
    nonisolated func start(_ effect: Effect) { continuation.yield(effect) }

    /// Accepts no more effects; `run` returns when the queued ones are done.
    nonisolated func finish() { continuation.finish() }

    /// Runs effects until `finish`.
    func run() async {
        for await effect in effects {
            do {
                try await perform(effect)
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
        replies.stopAll()
        await models.finish()
        sessions.close()
    }

    private func perform(_ effect: Effect) async throws {
        switch effect {
        case .startReply(let start): replies.start(start)
        case .stopReply(let id): replies.stop(id)
        case .changeSettings(let settings): replies.settings.current = settings
        case .inspect(let start): replies.inspect(start)
        case .stopInspection(let id): replies.stopInspection(id)
        case .watchNextToken(let isWatched): replies.settings.isWatched = isWatched

        case .saveSession(let record): sessions.save(record)
        case .journal(let session, let message): try sessions.journal(message, of: session)
        case .newSession(let record): sessions.create(record)
        case .loadSession(let id): try sessions.open(id)
        case .deleteSession(let id): try sessions.delete(id)
        case .listSessions: sessions.list()
        case .session(let task): try sessions.perform(task)
        case .saveDraft(let session, let snapshot): sessions.saveDraft(snapshot?.draft, of: session)

        case .listModels: models.list()
        case .listServiceModels(let id): models.listService(id)
        case .chooseModel(let model): models.choose(model)
        case .useModel(let model): models.use(model)
        case .loadModel(let model): models.load(model, isAnnounced: true)
        case .unloadModel(let model): try await models.unload(model)
        case .rememberSpeed(let model, let speed): models.rememberSpeed(speed, of: model)
        case .planPull(let address): models.planPull(address)
        case .startPull(let address): models.startPull(address)
        case .stopPull: models.stopPull()
        case .chooseTemplate(let file, let model): models.chooseTemplate(file, for: model)
        case .describe(let description): models.describe(description)

        case .loadPresets: presets.load()
        case .savePreset(let preset): try presets.save(preset)
        case .deletePreset(let name): try presets.delete(name)
        case .exportPreset(let name, let file): try presets.export(name, to: file)
        case .importPreset(let file): try presets.importFile(file)

        case .chooseTheme(let name): preferences.update { $0.theme = name }
        case .captureMouse(let isCaptured): preferences.update { $0.mouse = isCaptured }
        case .loadThemes(let isAsked): mailbox.post(.themesLoaded(catalogue.themes(), isAsked: isAsked))
        case .remember(let text): try history.add(text)

        case .countDraft(let question): composer.count(question)
        case .measureContext(let question): composer.measure(question)
        case .readFile(let request): composer.readFile(request)
        case .listFolder(let request): composer.listFolder(request)

        // The chat's own thread performs these.
        case .copy, .page, .editDraft, .redraw, .quit: break
        }
    }
}
