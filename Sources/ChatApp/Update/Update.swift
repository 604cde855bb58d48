import Chat
import Foundation

/// The chat's whole behaviour: what an event changes, and what it asks the runtime to do. Pure; the clock is `now`.
public func update(_ state: inout AppState, _ event: AppEvent, now: Date) -> [Effect] {
    state.now = now
    state.screen.notices.expire(now: now)
    var effects = state.handle(event)
    effects += state.followPanel(event)
    if effects.contains(where: \.opensSession) { state.composer.typesAhead = state.isDraftEmpty }
    let head = state.session.transcript.head
    state.session.transcript.follow(state.session.record.conversation)
    if state.session.transcript.head != head { state.searchAgain() }
    if state.selectedEntry == nil { state.reading.selection = nil }
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
        case .presetsLoaded(let presets): self.library.presets = presets
        case .themesLoaded(let themes, let isAsked):
            if !themes.isEmpty { self.library.themes = themes }
            if isAsked { tellThemeProblems() }
        case .sessionsListed(let sessions): self.library.sessions = sessions.sorted { $0.updated > $1.updated }
        case .sessionsFound(let query, let matches):
            library.foundSessions = FoundSessions(query: query, matches: matches)
        case .sessionPreviewed(let preview): receive(preview)
        case .speedsLoaded(let speeds): self.library.speeds = speeds
        case .sessionLoaded(let session): return open(session)
        case .saved(let problem): receive(saving: problem)
        case .document(let title, let text): _ = showDocument(title, text)
        // One step for undo.
        case .draftEdited(let text): if text != composer.input.text { composer.input.setText(text) }
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
        self.library.models = models
        library.hasListedModels = true
        var effects: [Effect] = []
        if let name = library.soughtModel {
            library.soughtModel = nil
            do throws(CommandError) {
                effects = try chooseModel(named: name)
            } catch {
                notify(.warning, error.description)
            }
        }
        let usable = models.filter { $0.problem == nil }
        if session.record.model == nil,
            let model = usable.first(where: { $0.reference.name == library.preferredModel }) ?? usable.first
        {
            session.record.model = model.reference
            effects = [.chooseModel(model.reference)]
        }
        guard composer.sendsWhenModelComes, session.record.model != nil, !composer.input.isEmpty else { return effects }
        composer.sendsWhenModelComes = false
        return effects + submitDraft()
    }

    /// Notes which file answers, and tells where it is another one than the session was written with.
    private mutating func identify(_ model: ModelReference) {
        guard let before = session.record.model, before.hasSameName(as: model) else { return }
        if let fingerprint = before.fingerprint, fingerprint != model.fingerprint {
            let name = displayName(of: model)
            notify(.warning, "\(name) is another file than the session was written with; it may answer differently")
        }
        session.record.model = model
        guard let reply = session.reply, reply.model.hasSameName(as: model), reply.model.fingerprint == nil else {
            return
        }
        self.session.reply?.model = model
        if let message = reply.message { session.record.conversation.update(message) { $0.origin?.model = model } }
    }

    mutating func notify(_ kind: Notice.Kind, _ text: String) {
        screen.notices.add(Notice(kind, text), now: now)
    }

    /// Ends what is in progress and shows another session.
    mutating func open(_ record: SessionRecord) -> [Effect] {
        if composer.edit != nil { cancelEdit() }
        let effects = leaveReply() + leaveDraft(for: record)
        var record = record
        record.model = record.model ?? session.record.model
        let thoughts = session.thoughts
        session = OpenSession(record)
        session.thoughts = thoughts
        reading = Reading()
        if screen.panel?.kind != .sessions { screen.panel = nil }
        if let wanted = library.findOnOpening, wanted.session == record.id { _ = find(wanted.text) }
        library.findOnOpening = nil
        if let reason = record.readOnly { notify(.warning, "this session is read-only: \(reason)") }
        return effects + (record.model.map { [.chooseModel($0)] } ?? []) + [.changeSettings(record.settings)]
    }

    /// The session as it stands, where it has something to keep.
    mutating func save() -> [Effect] {
        guard session.record.isWorthSaving else { return [] }
        session.record.updated = now
        if let place = library.sessions.firstIndex(where: { $0.id == session.record.id }) {
            library.sessions[place].title = session.record.title
            library.sessions[place].updated = now
            library.sessions[place].model = session.record.model?.name
            library.sessions[place].messageCount = session.record.conversation.messages.count
        }
        return [.saveSession(session.record)]
    }
}
