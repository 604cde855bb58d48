import Chat
import ChatApp
import Files
import Foundation
import Providers
import Sessions

/// Runs the chat's effects in order on a disk queue, away from the chat's thread and from Swift's task threads.
///
/// A reply starts only after the effects before it are done: the user's message is on disk before inference begins. And
/// it is in the file system before it is drawn, whatever the disk queue is busy with: `start` writes sessions to their
/// temporary files at once.
/// Whatever takes long is started here and runs in a task of its own.
actor EffectRunner {
    private nonisolated let disk = DiskQueue(label: "disk")
    nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

    private nonisolated let effects: AsyncStream<Order>
    private nonisolated let continuation: AsyncStream<Order>.Continuation
    private nonisolated let store: SessionStore
    private let mailbox: Mailbox
    private let catalogue: Catalogue
    private let history: HistoryFile
    private let preferences: PreferenceStore
    private var sessions: SessionEffects
    private var replies: ReplyEffects
    private var models: ModelEffects
    private let presets: PresetEffects
    private let composer: ComposerEffects

    /// An effect that is to be run.
    private struct Order {
        let effect: Effect
        /// The session to be saved.
        var staged: StagedSession?
    }

    init(
        mailbox: Mailbox, registry: ProviderRegistry, services: ServiceSetup, catalogue: Catalogue,
        sessions: sending SessionKeeper
    ) {
        (effects, continuation) = AsyncStream.makeStream()
        self.mailbox = mailbox
        self.catalogue = catalogue
        store = sessions.store
        history = HistoryFile(catalogue.home)
        let settings = LiveSettings(GenerationSettings())
        let preferences = PreferenceStore(home: catalogue.home, mailbox: mailbox)
        self.preferences = preferences
        self.sessions = SessionEffects(sessions, preferences: preferences, mailbox: mailbox)
        replies = ReplyEffects(registry: registry, settings: settings, mailbox: mailbox)
        models = ModelEffects(
            registry: registry, services: services, catalogue: catalogue, settings: settings, preferences: preferences,
            mailbox: mailbox)
        presets = PresetEffects(store: catalogue.presets, mailbox: mailbox)
        composer = ComposerEffects(registry: registry, mailbox: mailbox)
    }

    /// Why the session could not be saved last time.
    var saveProblem: String? { sessions.saveProblem }

    /// Queues an effect and returns without waiting for the disk.
    nonisolated func start(_ effect: Effect) {
        var order = Order(effect: effect)
        // If it fails, saving is tried again in its turn, and the reason is reported then.
        if case .saveSession(let record) = effect { order.staged = try? store.stage(record) }
        continuation.yield(order)
    }

    /// Accepts no more effects; `run` returns when the queued ones are done.
    nonisolated func finish() { continuation.finish() }

    /// Runs effects until `finish`.
    func run() async {
        ModelFolder(catalogue.home.models).removeLeftovers()
        for await order in effects {
            do {
                try await perform(order.effect, staged: order.staged)
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
        replies.stopAll()
        await models.finish()
        sessions.close()
    }

    private func perform(_ effect: Effect, staged: StagedSession?) async throws {
        switch effect {
        case .startReply(let start): replies.start(start)
        case .stopReply(let id): replies.stop(id)
        case .changeSettings(let settings): replies.settings.current = settings
        case .inspect(let start): replies.inspect(start)
        case .stopInspection(let id): replies.stopInspection(id)
        case .watchNextToken(let isWatched): replies.settings.isWatched = isWatched

        case .saveSession(let record): sessions.save(record, staged: staged)
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
