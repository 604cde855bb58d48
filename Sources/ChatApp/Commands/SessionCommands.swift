import Chat
import TUI

/// Commands on sessions, models, presets and themes.
extension AppState {
    /// Another session with the same model, settings and system prompt.
    mutating func startNewSession() -> [Effect] {
        if let held = warnIfUnsaved() { return held }
        let effects = abandonReply()
        let next = SessionRecord(
            id: "", created: now, model: session.record.model, settings: session.record.settings,
            system: session.record.system,
            preset: session.record.preset)
        return effects + [.newSession(next)]
    }

    mutating func resume(_ name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return openPanel(.sessions) }
        let found = try pick(name, from: library.sessions, kind: "session") {
            [$0.title, $0.id].filter { !$0.isEmpty }
        }
        return choose(.session(found.id))
    }

    mutating func rename(_ title: String) throws(CommandError) -> [Effect] {
        if let reason = session.record.readOnly { throw CommandError("this session is read-only: \(reason)") }
        session.record.title = SessionRecord.oneLine(title)
        return saveSession()
    }

    /// Writes the open session to a file: named, or with a name from its title in one of the formats.
    func exportSession(_ words: String) throws(CommandError) -> [Effect] {
        guard session.record.conversation.head != nil else { throw CommandError("there is nothing to export yet") }
        let format = words.isEmpty ? .markdown : SessionExport.Format(rawValue: words.lowercased())
        if let format {
            return [.session(.export(session.record.id, SessionExport(title: session.record.title, format)))]
        }
        return [.session(.export(session.record.id, try SessionExport(file: words)))]
    }

    /// Goes on in a copy of the open session.
    mutating func duplicateSession(_ title: String) throws(CommandError) -> [Effect] {
        guard session.record.conversation.head != nil else { throw CommandError("there is nothing to copy yet") }
        let title = title.isEmpty ? nil : SessionRecord.oneLine(title)
        // What there is of a reply goes into the copy.
        return abandonReply() + [.session(.duplicate(session.record.id, title: title, opens: true))]
    }

    /// Lists the sessions in which a text stands.
    mutating func searchSessions(_ text: String) -> [Effect] {
        openSessions(containing: text)
    }

    mutating func restoreSession() throws(CommandError) -> [Effect] {
        guard let place = library.listDeletions.lastIndex(where: { if case .session = $0 { true } else { false } })
        else {
            throw CommandError("no session was deleted since the start; 'sotto sessions restore' knows the others")
        }
        return restoreDeleted(library.listDeletions.remove(at: place))
    }

    /// A name that no known model has may be that of a file that came since: the models are listed anew first.
    mutating func useModel(named name: String) -> [Effect] {
        if name.isEmpty { return openPanel(.models) }
        if let effects = try? chooseModel(named: name) { return effects }
        library.soughtModel = name
        return [.listModels]
    }

    /// The model that is named, or the session's.
    func model(named name: String) throws(CommandError) -> ModelReference {
        guard name.isEmpty else { return try usableModel(named: name) }
        guard let model = session.record.model else { throw CommandError("no model is chosen: /model lists them") }
        return model
    }

    mutating func chooseModel(named name: String) throws(CommandError) -> [Effect] {
        choose(.model(try usableModel(named: name)))
    }

    private func usableModel(named name: String) throws(CommandError) -> ModelReference {
        let model = try pick(name, from: library.models, kind: "model") { [$0.reference.name] }
        if let problem = model.problem { throw CommandError("\(model.reference.name): \(problem)") }
        return model.reference
    }

    mutating func useTheme(named name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return openPanel(.themes) }
        if name.lowercased() == "reload" { return [.loadThemes(isAsked: true)] }
        let theme = try pick(name, from: library.themes, kind: "theme") { [$0.name] }
        return choose(.theme(theme.name))
    }
}
