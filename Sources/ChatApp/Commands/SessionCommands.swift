import Chat

/// Commands on sessions.
extension AppState {
    /// `/new`: a new session with the model that was chosen last, and the same settings and system prompt.
    mutating func startNewSession() -> [Effect] {
        if let held = warnIfUnsaved() { return held }
        let effects = abandonReply()
        let model = modelForNewSessions
        let settings =
            model == session.record.model
            ? session.record.settings : settings(session.record.settings, from: session.record.model, to: model)
        let next = SessionRecord(
            id: "", created: now, model: model, settings: settings, system: session.record.system,
            preset: session.record.preset)
        return effects + [.newSession(next)]
    }

    /// `/resume [NAME]`
    mutating func resumeSession(named name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return openPanel(.sessions) }
        let found = try NameLookup.find(name, in: library.sessions, kind: "session") {
            [$0.title, $0.id].filter { !$0.isEmpty }
        }
        return choose(.session(found.id))
    }

    /// `/rename TITLE`
    mutating func renameSession(to title: String) throws(CommandError) -> [Effect] {
        if let reason = session.record.readOnly { throw CommandError("This session is read-only: \(reason)") }
        session.record.title = SessionRecord.oneLine(title)
        return saveSession()
    }

    /// `/export [FILE | markdown | json]`: without a file name, the name comes from the session's title.
    func exportSession(_ words: String) throws(CommandError) -> [Effect] {
        guard session.record.conversation.head != nil else { throw CommandError("Nothing to export yet") }
        let format = words.isEmpty ? .markdown : SessionExport.Format(rawValue: words.lowercased())
        if let format {
            return [.session(.export(session.record.id, SessionExport(title: session.record.title, format)))]
        }
        return [.session(.export(session.record.id, try SessionExport(file: words)))]
    }

    /// `/duplicate [TITLE]`: continues in a copy of the open session.
    mutating func duplicateSession(title: String) throws(CommandError) -> [Effect] {
        guard session.record.conversation.head != nil else { throw CommandError("Nothing to duplicate yet") }
        let title = title.isEmpty ? nil : SessionRecord.oneLine(title)
        // The copy contains the text that a running reply has so far.
        return abandonReply() + [.session(.duplicate(session.record.id, title: title, opens: true))]
    }

    /// `/search [TEXT]`: lists the sessions that contain a text.
    mutating func searchSessions(_ text: String) -> [Effect] {
        openSessions(containing: text)
    }
}
