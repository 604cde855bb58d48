import Chat
import ChatApp
import Foundation
import Providers
import Sessions

/// Does what the chat asks for, in the order in which it asks, away from the chat's own thread.
///
/// A reply starts only after everything before it is done: the person's message is on disk before inference begins.
actor EffectRunner {
    private nonisolated let queue: AsyncStream<Effect>
    private nonisolated let entrance: AsyncStream<Effect>.Continuation
    private let mailbox: Mailbox
    private let provider: LocalProvider
    private let catalogue: Catalogue
    private let history: HistoryFile
    private let desk: DraftDesk
    /// The latest draft on its way to disk.
    private var draftWriting: Task<Void, Never>?
    private var sessions: SessionKeeper
    /// Why the session could not be saved the last time.
    private(set) var unsaved: String?
    private let tasks: SessionTasks
    private var speeds: SpeedLog
    private var preferences: Preferences
    private let settings = LiveSettings(GenerationSettings())
    /// The last reply that was started; those before it have ended or are about to.
    private var running: (id: ReplyID, cancellation: Cancellation)?
    /// The last inspection that was started.
    private var inspecting: (id: InspectionID, cancellation: Cancellation)?
    /// The one that was started last.
    private var download: DownloadTask?

    init(
        mailbox: Mailbox, provider: LocalProvider, catalogue: Catalogue, sessions: sending SessionKeeper,
        preferences: Preferences
    ) {
        (queue, entrance) = AsyncStream.makeStream()
        self.mailbox = mailbox
        self.provider = provider
        self.catalogue = catalogue
        history = HistoryFile(catalogue.home)
        desk = DraftDesk(provider: provider, mailbox: mailbox)
        tasks = SessionTasks(store: sessions.store, mailbox: mailbox)
        speeds = catalogue.speeds
        self.sessions = sessions
        self.preferences = preferences
    }

    /// Hands an effect over and returns at once.
    nonisolated func start(_ effect: Effect) { entrance.yield(effect) }

    /// After this no effect is taken; `run` ends when those before are done.
    nonisolated func finish() { entrance.finish() }

    /// Does effects until `finish`.
    func run() async {
        for await effect in queue { await perform(effect) }
        await draftWriting?.value
        running?.cancellation.cancel()
        inspecting?.cancellation.cancel()
        await download?.end()
        sessions.close()
    }

    private func perform(_ effect: Effect) async {
        do {
            switch effect {
            case .startReply(let start): reply(start)
            case .stopReply(let id): if running?.id == id { running?.cancellation.cancel() }
            case .changeSettings(let new): settings.current = new
            case .journal(let session, let message): try sessions.journal(message, of: session)
            case .saveSession(let session): save(session)
            case .newSession(var session):
                session.id = SessionID.new().text
                mailbox.post(.sessionLoaded(session))
            case .loadSession(let id):
                await draftWriting?.value
                try open(id)
            case .session(let task): if let id = try tasks.perform(task) { try open(id.text) }
            case .deleteSession(let id):
                try sessions.delete(id)
                mailbox.post(.sessionsListed(sessions.list()))
            case .loadPresets: tellPresets().forEach { mailbox.post(.notice(Notice(.warning, "\($0)"))) }
            case .listSessions: mailbox.post(.sessionsListed(sessions.list()))
            case .listModels: listModels()
            case .downloadModel:
                download = DownloadTask(into: URL(filePath: catalogue.home.models), mailbox: mailbox)
            case .stopDownload: download?.stop()
            case .chooseModel(let model):
                remember { $0.model = model.name }
                load(model)
            case .loadModel(let model): load(model, isAnnounced: true)
            case .unloadModel(let model):
                let wasLoaded = try await provider.unload(model)
                let text = wasLoaded ? "\(model.name) is no longer in memory" : "\(model.name) is not in memory"
                mailbox.post(.notice(Notice(.info, text)))
            case .rememberSpeed(let model, let speed):
                speeds.add(speed, of: model)
                mailbox.post(.speedsLoaded(speeds.speeds))
            case .chooseTheme(let name): remember { $0.theme = name }
            case .captureMouse(let isCaptured): remember { $0.mouse = isCaptured }
            case .loadThemes(let isAsked):
                mailbox.post(.themesLoaded(catalogue.themes(), isAsked: isAsked))
            case .savePreset(let preset):
                try catalogue.presets.save(preset)
                tellPresets()
            case .deletePreset(let name):
                try catalogue.presets.remove(name)
                tellPresets()
            case .exportPreset(let name, let file):
                let path = PersonsPath(file).absolute
                try catalogue.presets.export(name, to: path)
                mailbox.post(.notice(Notice(.info, "written to \(path)")))
            case .importPreset(let file):
                let preset = try catalogue.presets.importFile(PersonsPath(file).absolute)
                tellPresets()
                mailbox.post(.notice(Notice(.info, "/preset \(preset.name) applies what was imported")))
            case .describe(let description): describe(description)
            case .remember(let text): try history.add(text)
            case .inspect(let start): inspect(start)
            case .stopInspection(let id): if inspecting?.id == id { inspecting?.cancellation.cancel() }
            case .watchNextToken(let isWatched): settings.isWatched = isWatched
            case .saveDraft(let session, let draft): save(draft, of: session)
            case .countDraft(let question): desk.count(question)
            case .readFile(let request): desk.read(request)
            case .listFolder(let request): desk.list(request)
            // The terminal's thread does these.
            case .copy, .page, .editDraft, .redraw, .quit: break
            }
        } catch {
            mailbox.post(.notice(Notice(.error, "\(error)")))
        }
    }

    private func save(_ session: SessionRecord) {
        do {
            let isNew = try sessions.save(session)
            if isNew { mailbox.post(.sessionsListed(sessions.list())) }
            if unsaved != nil { mailbox.post(.saved(problem: nil)) }
            unsaved = nil
            remember { $0.session = session.id }
        } catch {
            unsaved = "\(error)"
            mailbox.post(.saved(problem: unsaved))
        }
    }

    /// - Returns: what is wrong with files of presets.
    @discardableResult
    private func tellPresets() -> [SessionError] {
        let found = catalogue.presets.list()
        mailbox.post(.presetsLoaded(found.presets))
        return found.problems
    }

    // MARK: Replies

    private func reply(_ start: ReplyStart) {
        settings.current = start.settings
        let request = ReplyRequest(
            model: start.model, system: start.system, messages: start.messages, continued: start.continued,
            settings: settings)
        let provider = provider
        let mailbox = mailbox
        running?.cancellation.cancel()
        running = (start.id, request.cancellation)
        Task {
            do {
                try await provider.reply(to: request) { mailbox.post(.reply(start.id, $0)) }
            } catch {
                mailbox.post(.replyFailed(start.id, "\(error)"))
            }
        }
    }

    private func inspect(_ start: InspectionStart) {
        let request = ReplyRequest(
            model: start.model, system: start.system, messages: start.messages, continued: start.continued,
            settings: LiveSettings(start.settings))
        inspecting?.cancellation.cancel()
        inspecting = (start.id, request.cancellation)
        Task { [provider, mailbox] in
            do {
                for try await event in provider.inspect(start.aim, request) {
                    mailbox.post(.inspection(start.id, event))
                }
            } catch {
                mailbox.post(.inspectionFailed(start.id, "\(error)"))
            }
        }
    }

    // MARK: Models

    private func listModels() {
        Task { [provider, mailbox] in mailbox.post(.modelsLoaded(try await provider.models())) }
    }

    /// Reads a model ahead of its first reply, so that the person does not wait for it then, and after that finds out
    /// its fingerprint.
    private func load(_ model: ModelReference, isAnnounced: Bool = false) {
        Task { [provider, mailbox, settings] in
            do {
                let engine = try await provider.engine(for: model, contextLength: settings.current.contextLength)
                await LocalProvider.readAhead(engine.model, isCancelled: { false }, progress: { _ in })
                if isAnnounced { mailbox.post(.notice(Notice(.info, "\(model.name) is in memory"))) }
                if let identified = await provider.identified(model) { mailbox.post(.modelIdentified(identified)) }
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    /// Apart from the queue: the engine may be busy with a reply, which one must be able to stop.
    private func describe(_ description: ModelDescription) {
        Task { [provider, mailbox, settings] in
            do {
                let (title, text) = try await Self.text(of: description, provider, settings.current)
                mailbox.post(.document(title: title, text: text))
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    private static func text(
        of description: ModelDescription, _ provider: LocalProvider, _ settings: GenerationSettings
    ) async throws -> (title: String, text: String) {
        switch description {
        case .template(let model): return ("Chat template", try await provider.template(of: model))
        case .prompt(let model, let system, let messages):
            let text = try await provider.prompt(
                of: model, system: system, messages: messages, thinking: settings.thinking)
            return ("Prompt", text)
        case .license(let model): return ("License", try await provider.license(of: model))
        case .context(let model, let system, let messages):
            let (tokens, limit) = try await provider.promptLength(
                of: model, system: system, messages: messages, settings: settings)
            return ("Context", ContextReport.text(tokens: tokens, limit: limit, messages: messages.count))
        }
    }

    /// Opens a session in place of the one before.
    private func open(_ id: String) throws {
        let opened = try sessions.open(id)
        mailbox.post(.sessionLoaded(opened.session))
        if let draft = sessions.draft(of: opened.session) { mailbox.post(.draftLoaded(id, draft)) }
        opened.notices.forEach { mailbox.post(.notice($0)) }
    }

    /// Writes drafts one after another, and apart from everything else: waiting for the disk must hold up nothing.
    private func save(_ draft: DraftSnapshot?, of session: SessionRecord.ID) {
        guard let id = SessionID(session) else { return }
        draftWriting = Task.detached(priority: .utility) { [drafts = sessions.drafts, mailbox, before = draftWriting] in
            await before?.value
            do {
                if let draft { try drafts.save(draft.draft, for: id) } else { drafts.remove(id) }
            } catch {
                mailbox.post(.notice(Notice(.warning, "what is being written is not safe: \(error)")))
            }
        }
    }

    // MARK: Preferences

    private func remember(_ change: (inout Preferences) -> Void) {
        let before = preferences
        change(&preferences)
        guard preferences != before else { return }
        do {
            try preferences.save()
        } catch {
            mailbox.post(.notice(Notice(.warning, "\(error)")))
        }
    }
}
