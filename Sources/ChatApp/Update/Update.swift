import Chat
import Foundation

/// The chat's whole behaviour: what an event changes, and what it asks the runtime to do. Pure; the clock is `now`.
public func update(_ state: inout AppState, _ event: AppEvent, now: Date) -> [Effect] {
    state.now = now
    state.notices.expire(now: now)
    var effects = state.handle(event)
    effects += state.followPanel(event)
    if effects.contains(where: \.opensSession) { state.typesAhead = state.isDraftEmpty }
    let head = state.transcript.head
    state.transcript.follow(state.session.conversation)
    if state.transcript.head != head { state.searchAgain() }
    if state.selectedEntry == nil { state.selection = nil }
    state.refreshFigures()
    return effects + state.noteWriting(isLast: event.isLast || effects.contains(.quit))
        + state.inspectAsNeeded()
}

extension AppEvent {
    fileprivate var isLast: Bool { if case .ending = self { true } else { false } }
}

extension AppState {
    fileprivate mutating func handle(_ event: AppEvent) -> [Effect] {
        switch event {
        case .key(let key): return press(key)
        case .resize(let size): resize(to: size)
        case .tick: break
        case .reply(let id, let event): return receive(event, of: id)
        case .replyFailed(let id, let reason): return fail(id, reason)
        case .inspection(let id, let event): receive(event, of: id)
        case .inspectionFailed(let id, let reason): failInspection(id, reason)
        case .modelsLoaded(let models): return adopt(models)
        case .download(let event): return receive(event)
        case .modelIdentified(let model): identify(model)
        case .presetsLoaded(let presets): self.presets = presets
        case .themesLoaded(let themes, let isAsked):
            if !themes.isEmpty { self.themes = themes }
            if isAsked { tellThemeProblems() }
        case .sessionsListed(let sessions): self.sessions = sessions.sorted { $0.updated > $1.updated }
        case .sessionsFound(let query, let matches): foundSessions = FoundSessions(query: query, matches: matches)
        case .sessionPreviewed(let preview): receive(preview)
        case .speedsLoaded(let speeds): self.speeds = speeds
        case .sessionLoaded(let session): return open(session)
        case .saved(let problem): receive(saving: problem)
        case .document(let title, let text): _ = showDocument(title, text)
        // One step for undo.
        case .draftEdited(let text): if text != input.text { input.setText(text) }
        case .draftLoaded(let id, let draft): restore(draft, of: id)
        case .draftCounted(let number, let count): return receive(count, answering: number)
        case .fileRead(let request, let reading): return receive(reading, for: request)
        case .folderListed(let request, let entries): receive(entries, of: request)
        case .ending: break
        case .notice(let notice): notify(notice.kind, notice.text)
        }
        return []
    }

    /// The model that `/model` was asked for is chosen; a session without one takes the first that can be used.
    private mutating func adopt(_ models: [ModelInfo]) -> [Effect] {
        self.models = models
        hasListedModels = true
        var effects: [Effect] = []
        if let name = soughtModel {
            soughtModel = nil
            do throws(CommandError) {
                effects = try chooseModel(named: name)
            } catch {
                notify(.warning, error.description)
            }
        }
        let usable = models.filter { $0.problem == nil }
        if session.model == nil,
            let model = usable.first(where: { $0.reference.name == preferredModel }) ?? usable.first
        {
            session.model = model.reference
            effects = [.chooseModel(model.reference)]
        }
        guard sendsWhenModelComes, session.model != nil, !input.isEmpty else { return effects }
        sendsWhenModelComes = false
        return effects + submitDraft()
    }

    /// Notes which file answers, and tells where it is another one than the session was written with.
    private mutating func identify(_ model: ModelReference) {
        guard let before = session.model, before.hasSameName(as: model) else { return }
        if let fingerprint = before.fingerprint, fingerprint != model.fingerprint {
            let name = displayName(of: model)
            notify(.warning, "\(name) is another file than the session was written with; it may answer differently")
        }
        session.model = model
        guard let reply, reply.model.hasSameName(as: model), reply.model.fingerprint == nil else { return }
        self.reply?.model = model
        if let message = reply.message { session.conversation.update(message) { $0.origin?.model = model } }
    }

    mutating func notify(_ kind: Notice.Kind, _ text: String) {
        notices.add(Notice(kind, text), now: now)
    }

    /// Ends whatever is going on and shows another session.
    mutating func open(_ session: ChatSession) -> [Effect] {
        if edit != nil { cancelEdit() }
        let effects = leaveReply() + leaveDraft(for: session)
        let model = session.model ?? self.session.model
        self.session = session
        self.session.model = model
        transcript = Transcript(session.conversation)
        scroll = .following
        context = nil
        if panel?.kind != .sessions { panel = nil }
        tokens.removeAll()
        selection = nil
        unsaved = nil
        deletions = []
        search = nil
        if let wanted = findOnOpening, wanted.session == session.id { _ = find(wanted.text) }
        findOnOpening = nil
        if let reason = session.readOnly { notify(.warning, "this session is read-only: \(reason)") }
        return effects + (model.map { [.chooseModel($0)] } ?? []) + [.changeSettings(session.settings)]
    }

    /// The session as it stands, where it has something to keep.
    mutating func save() -> [Effect] {
        guard session.isWorthSaving else { return [] }
        session.updated = now
        if let place = sessions.firstIndex(where: { $0.id == session.id }) {
            sessions[place].title = session.title
            sessions[place].updated = now
            sessions[place].model = session.model?.name
            sessions[place].messageCount = session.conversation.messages.count
        }
        return [.saveSession(session)]
    }
}
