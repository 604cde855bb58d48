import Chat
import Foundation

/// The chat's complete behaviour: how an event changes the state, and what it asks the runtime to do. Pure; `now` and
/// `instant` are the clocks.
public func update(
    _ state: inout AppState, _ event: AppEvent, now: Date, instant: ContinuousClock.Instant
) -> [Effect] {
    state.now = now
    state.instant = instant
    state.screen.notices.expire(now: instant)
    state.awaited.settle(by: event)
    let draft = (text: state.composer.input.revision, files: state.composer.attachments.count)
    let notices = state.screen.notices.total
    var effects = state.handle(event)
    if state.composer.input.revision !== draft.text || state.composer.attachments.count != draft.files {
        state.screen.notices.withdraw(.draft, before: notices)
    }
    effects += state.updatePanels(after: event)
    if effects.contains(where: \.opensSession) { state.composer.typesAhead = state.composer.isDraftEmpty }
    let head = state.session.transcript.head
    state.session.transcript.follow(state.session.record.conversation)
    if state.session.transcript.head != head { state.refreshSearch() }
    if state.selectedEntry == nil { state.reading.selection = nil }
    state.session.refreshFigures(now: instant)
    state.awaited.expect(effects)
    state.showPanelAsPage()
    let isEnd = event.isLast || effects.contains(.quit)
    var more = state.processDraft(isLast: isEnd) + state.inspectAsNeeded()
    if !isEnd { more += state.measureContextAsNeeded() }
    state.awaited.expect(more)
    return effects + more
}

extension AppEvent {
    fileprivate var isLast: Bool { if case .ending = self { true } else { false } }
}

extension AppState {
    fileprivate mutating func handle(_ event: AppEvent) -> [Effect] {
        switch event {
        case .key(let key): return performKey(key)
        case .command(let line):
            screen.isQuitting = false
            composer.history.add(line)
            return runCommand(line)
        case .choose(let number): return chooseFromPage(number)
        case .returnToInput: returnToInput()
        case .endOfInput: return quit()
        case .resize(let size): resize(to: size)
        case .tick: break
        case .reply(let id, let event): return applyReplyEvent(event, of: id)
        case .replyFailed(let id, let reason): return failReply(id, reason)
        case .inspection(let id, let event): applyInspectionEvent(event, of: id)
        case .inspectionFailed(let id, let reason): failInspection(id, reason)
        case .modelsLoaded(let models): return applyModelList(models)
        case .modelsFailed(let reason): failModelList(reason)
        case .servicesFound(let found): library.add(found)
        case .serviceModelsLoaded(let id, let models): applyServiceModels(models, of: id)
        case .serviceModelsFailed(let id, let reason): failServiceModels(reason, of: id)
        case .pull(let address, let event): return applyPullEvent(event, of: address)
        case .recommendationsLoaded(let models, let problems): applyRecommendations(models, problems)
        case .modelIdentified(let model): applyFingerprint(of: model)
        case .presetsLoaded(let presets): library.presets = presets
        case .themesLoaded(let themes, let isAsked):
            if !themes.isEmpty { library.themes = themes }
            if isAsked { reportThemeProblems() }
        case .sessionsListed(let sessions): library.sessions = sessions.sorted { $0.updated > $1.updated }
        case .trashListed(let sessions): library.trash = sessions.sorted { $0.updated > $1.updated }
        case .sessionsFound(let query, let matches, let isComplete):
            // An earlier search may answer after a later one was asked for.
            guard query == library.searchedText else { break }
            library.foundSessions = FoundSessions(query: query, matches: matches, isComplete: isComplete)
        case .sessionPreviewed(let preview): storeSessionPreview(preview)
        case .speedsLoaded(let speeds): library.speeds = speeds
        case .sessionLoaded(let session): return openSession(session)
        case .saved(let problem): applySaveResult(problem: problem)
        case .document(let title, let text): _ = showDocument(title, text)
        // One undo step.
        case .draftEdited(let text): if text != composer.input.text { composer.input.setText(text) }
        case .draftLoaded(let id, let draft): restoreDraft(draft, of: id)
        case .draftCounted(let number, let count): return applyDraftCount(count, answering: number)
        case .contextMeasured(let number, let use): applyContext(use, answering: number)
        case .fileRead(let request, let reading): return attachReadFile(reading, for: request)
        case .folderListed(let request, let entries): applyFolderListing(entries, for: request)
        case .ending: break
        case .notice(let notice): screen.notices.add(notice, now: instant)
        case .copied(let report): if let notice = report.notice { screen.notices.add(notice, now: instant) }
        }
        return []
    }

    mutating func notify(_ kind: Notice.Kind, _ text: String, about cause: Notice.Cause = .request) {
        screen.notices.add(Notice(kind, text, cause: cause), now: instant)
    }
}
