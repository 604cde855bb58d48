import Chat
import TUI

/// Commands on sessions, models, presets and themes.
extension AppState {
    /// Another session with the same model, settings and system prompt.
    mutating func startNewSession() -> [Effect] {
        if let held = holdBack() { return held }
        let effects = leaveReply()
        let next = ChatSession(
            id: "", created: now, model: session.model, settings: session.settings, system: session.system,
            preset: session.preset)
        return effects + [.newSession(next)]
    }

    mutating func resume(_ name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return open(.sessions) }
        let found = try pick(name, from: sessions, kind: "session") { [$0.title, $0.id].filter { !$0.isEmpty } }
        return choose(.session(found.id))
    }

    mutating func rename(_ title: String) throws(CommandError) -> [Effect] {
        if let reason = session.readOnly { throw CommandError("this session is read-only: \(reason)") }
        session.title = ChatSession.oneLine(title)
        return save()
    }

    /// Writes the open session to a file: named, or with a name from its title in one of the formats.
    func exportSession(_ words: String) throws(CommandError) -> [Effect] {
        guard session.conversation.head != nil else { throw CommandError("there is nothing to export yet") }
        let format = words.isEmpty ? .markdown : SessionExport.Format(rawValue: words.lowercased())
        if let format { return [.session(.export(session.id, SessionExport(title: session.title, format)))] }
        return [.session(.export(session.id, try SessionExport(file: words)))]
    }

    /// Goes on in a copy of the open session.
    mutating func duplicateSession(_ title: String) throws(CommandError) -> [Effect] {
        guard session.conversation.head != nil else { throw CommandError("there is nothing to copy yet") }
        let title = title.isEmpty ? nil : ChatSession.oneLine(title)
        // What there is of a reply goes into the copy.
        return leaveReply() + [.session(.duplicate(session.id, title: title, opens: true))]
    }

    /// Lists the sessions in which a text stands.
    mutating func searchSessions(_ text: String) -> [Effect] {
        let effects = open(.sessions)
        openList(.sessions, filter: text)
        guard case .list(let list) = panel else { return effects }
        return effects + searchFiles(in: list)
    }

    mutating func restoreSession() throws(CommandError) -> [Effect] {
        guard let place = listDeletions.lastIndex(where: { if case .session = $0 { true } else { false } }) else {
            throw CommandError("no session was deleted since the start; 'sotto sessions restore' knows the others")
        }
        return restore(listDeletions.remove(at: place))
    }

    /// A name that no known model has may be that of a file that came since: the models are listed anew first.
    mutating func useModel(named name: String) -> [Effect] {
        if name.isEmpty { return open(.models) }
        if let effects = try? chooseModel(named: name) { return effects }
        soughtModel = name
        return [.listModels]
    }

    /// The model that is named, or the session's.
    func model(named name: String) throws(CommandError) -> ModelReference {
        guard name.isEmpty else { return try usableModel(named: name) }
        guard let model = session.model else { throw CommandError("no model is chosen: /model lists them") }
        return model
    }

    mutating func chooseModel(named name: String) throws(CommandError) -> [Effect] {
        choose(.model(try usableModel(named: name)))
    }

    private func usableModel(named name: String) throws(CommandError) -> ModelReference {
        let model = try pick(name, from: models, kind: "model") { [$0.reference.name] }
        if let problem = model.problem { throw CommandError("\(model.reference.name): \(problem)") }
        return model.reference
    }

    mutating func useTheme(named name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return open(.themes) }
        if name.lowercased() == "reload" { return [.loadThemes(isAsked: true)] }
        let theme = try pick(name, from: themes, kind: "theme") { [$0.name] }
        return choose(.theme(theme.name))
    }
}
