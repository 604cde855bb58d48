import Chat
import ChatApp
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
    private var sessions: SessionKeeper
    private var preferences: Preferences
    private let settings = LiveSettings(GenerationSettings())
    /// The last reply that was started; those before it have ended or are about to.
    private var running: (id: ReplyID, cancellation: Cancellation)?

    init(
        mailbox: Mailbox, provider: LocalProvider, catalogue: Catalogue, sessions: sending SessionKeeper,
        preferences: Preferences
    ) {
        (queue, entrance) = AsyncStream.makeStream()
        self.mailbox = mailbox
        self.provider = provider
        self.catalogue = catalogue
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
        running?.cancellation.cancel()
        sessions.close()
    }

    private func perform(_ effect: Effect) async {
        do {
            switch effect {
            case .startReply(let start): reply(start)
            case .stopReply(let id): if running?.id == id { running?.cancellation.cancel() }
            case .changeSettings(let new): settings.current = new
            case .journal(let session, let message): try sessions.journal(message, of: session)
            case .saveSession(let session):
                let isNew = try sessions.save(session)
                if isNew { mailbox.post(.sessionsListed(sessions.list())) }
                remember { $0.session = session.id }
            case .newSession(var session):
                session.id = SessionID.new().text
                mailbox.post(.sessionLoaded(session))
            case .loadSession(let id):
                let opened = try sessions.open(id)
                mailbox.post(.sessionLoaded(opened.session))
                opened.notices.forEach { mailbox.post(.notice($0)) }
            case .deleteSession(let id):
                try sessions.delete(id)
                mailbox.post(.sessionsListed(sessions.list()))
            case .listSessions: mailbox.post(.sessionsListed(sessions.list()))
            case .listModels: listModels()
            case .chooseModel(let model):
                remember { $0.model = model.name }
                load(model)
            case .chooseTheme(let name): remember { $0.theme = name }
            case .captureMouse(let isCaptured): remember { $0.mouse = isCaptured }
            case .savePreset(let preset):
                try catalogue.save(preset)
                mailbox.post(.presetsLoaded(catalogue.presets().presets))
            case .describe(let description): try await describe(description)
            // The terminal's thread does these.
            case .copy, .page, .quit: break
            }
        } catch {
            mailbox.post(.notice(Notice(.error, "\(error)")))
        }
    }

    // MARK: Replies

    private func reply(_ start: ReplyStart) {
        settings.current = start.settings
        let request = ReplyRequest(
            model: start.model, system: start.system, messages: start.messages, settings: settings)
        let provider = provider
        let mailbox = mailbox
        running?.cancellation.cancel()
        running = (start.id, request.cancellation)
        Task {
            do {
                for try await event in provider.reply(to: request) { mailbox.post(.reply(start.id, event)) }
            } catch {
                mailbox.post(.replyFailed(start.id, "\(error)"))
            }
        }
    }

    // MARK: Models

    private func listModels() {
        Task { [provider, mailbox] in mailbox.post(.modelsLoaded(try await provider.models())) }
    }

    /// Reads a model ahead of its first reply, so that the person does not wait for it then, and after that finds out
    /// its fingerprint.
    private func load(_ model: ModelReference) {
        Task { [provider, mailbox, settings] in
            do {
                _ = try await provider.engine(for: model, contextLength: settings.current.contextLength)
                if let identified = await provider.identified(model) { mailbox.post(.modelIdentified(identified)) }
            } catch {
                mailbox.post(.notice(Notice(.error, "\(error)")))
            }
        }
    }

    private func describe(_ description: ModelDescription) async throws {
        switch description {
        case .template(let model):
            mailbox.post(.document(title: "Chat template", text: try await provider.template(of: model)))
        case .prompt(let model, let system, let messages):
            let text = try await provider.prompt(of: model, system: system, messages: messages)
            mailbox.post(.document(title: "Prompt", text: text))
        case .license(let model):
            mailbox.post(.document(title: "License", text: try await provider.license(of: model)))
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
