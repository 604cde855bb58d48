import Chat
import TUI

/// Commands on sessions, models, presets and themes.
extension AppState {
    /// Another session with the same model, settings and system prompt.
    mutating func startNewSession() -> [Effect] {
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
        session.title = String(title.prefix { !$0.isNewline }.prefix(200))
        return save()
    }

    mutating func deleteSession() -> [Effect] {
        let isSaved = session.isWorthSaving
        let id = session.id
        let effects = startNewSession()
        return effects + (isSaved ? [.deleteSession(id)] : [])
    }

    /// A name that no known model has may be that of a file that came since: the models are listed anew first.
    mutating func useModel(named name: String) -> [Effect] {
        if name.isEmpty { return open(.models) }
        if let effects = try? chooseModel(named: name) { return effects }
        soughtModel = name
        return [.listModels]
    }

    mutating func chooseModel(named name: String) throws(CommandError) -> [Effect] {
        let model = try pick(name, from: models, kind: "model") { [$0.reference.name] }
        if let problem = model.problem { throw CommandError("\(model.reference.name): \(problem)") }
        return choose(.model(model.reference))
    }

    mutating func usePreset(_ words: String) throws(CommandError) -> [Effect] {
        if words.isEmpty { return open(.presets) }
        if words == "save" || words.hasPrefix("save ") {
            let name = words.dropFirst(4).trimmed
            let allowed = !name.isEmpty && name.count <= 40
                && name.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
            guard allowed else {
                throw CommandError("a preset's name has up to 40 letters, digits, - and _: /preset save NAME")
            }
            session.preset = name
            notify(.info, "these settings are now the preset \(name)")
            let preset = Preset(
                name: name, summary: "saved from \(session.title.isEmpty ? "a session" : session.title)",
                system: session.system, settings: session.settings)
            presets = presets.filter { $0.name != name } + [preset]
            return [.savePreset(preset)] + save()
        }
        let preset = try pick(words, from: presets, kind: "preset") { [$0.name] }
        return choose(.preset(preset.name))
    }

    mutating func useTheme(named name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return open(.themes) }
        let theme = try pick(name, from: themes, kind: "theme") { [$0.name] }
        return choose(.theme(theme.name))
    }
}
