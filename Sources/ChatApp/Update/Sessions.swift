import Chat

/// Opening, leaving and saving the session.
extension AppState {
    /// Ends what is in progress and shows another session.
    mutating func openSession(_ record: SessionRecord) -> [Effect] {
        composer.cancelEdit()
        var effects = abandonReply() + stashDraft(for: record)
        var record = record
        record.model = record.model ?? modelForNewSessions
        session = OpenSession(record)
        screen.notices.withdrawSession()
        reading = Reading()
        screen.panels.removeAll(except: .sessions)
        effects += (record.model.map { [.useModel($0)] } ?? []) + [.changeSettings(record.settings)]
        if let wanted = library.findOnOpening, wanted.session == record.id {
            effects += findOnAnyBranch(wanted.text)
        }
        library.findOnOpening = nil
        if let reason = record.readOnly { notify(.warning, "This session is read-only: \(reason)", about: .session) }
        return effects
    }

    /// Saves the session as it is now, if it has anything worth saving.
    mutating func saveSession() -> [Effect] {
        guard session.record.isWorthSaving else { return [] }
        session.record.updated = now
        library.updateSummary(of: session.record)
        return [.saveSession(session.record)]
    }

    /// The model that was chosen last; opening a session does not change it. nil before the models are listed: the
    /// session gets one then.
    var modelForNewSessions: ModelReference? {
        if let chosen = library.chosenModel { return chosen }
        return library.hasListedModels ? library.defaultModel ?? session.record.model : nil
    }

    /// - Parameter problem: why saving failed; nil if the session is on disk.
    mutating func applySaveResult(problem: String?) {
        guard let problem else {
            screen.notices.withdraw(.saving)
            if session.unsaved != nil { notify(.info, "The session is saved again", about: .saving) }
            session.unsaved = nil
            return
        }
        if session.unsaved?.reason != problem { notify(.error, problem, about: .saving) }
        session.unsaved = Unsaved(reason: problem, isReported: session.unsaved?.isReported ?? false)
    }

    /// The first time the user is about to leave a session that is not on disk: tries to save it again, and warns
    /// instead of leaving.
    mutating func warnIfUnsaved() -> [Effect]? {
        guard let unsaved = session.unsaved, !unsaved.isReported else { return nil }
        session.unsaved?.isReported = true
        notify(.error, "Not saved: \(unsaved.reason). Repeat to leave without saving", about: .saving)
        return saveSession()
    }

    /// Ends the program; a half-written reply is kept.
    mutating func quit() -> [Effect] {
        warnIfUnsaved() ?? abandonReply() + [.quit]
    }
}
