import Chat
import TUI

/// What a list panel lists: one row of `all` each.
struct ListSource: Sendable {
    let kind: PanelKind
    let title: String
    /// What is said where the list is empty.
    let empty: String
    /// What Enter does.
    let verb: String
    let entries: @Sendable (AppState) -> [ListEntry]

    static let models = ListSource(
        kind: .models, title: "Models", empty: "no model was found", verb: "switches", entries: modelEntries)
    static let sessions = ListSource(
        kind: .sessions, title: "Sessions", empty: "no session has been saved yet", verb: "opens",
        entries: sessionEntries)
    static let presets = ListSource(
        kind: .presets, title: "Presets", empty: "no preset was found", verb: "applies", entries: presetEntries)
    static let themes = ListSource(
        kind: .themes, title: "Themes", empty: "no theme was found", verb: "uses", entries: themeEntries)
    static let commands = ListSource(
        kind: .commands, title: "Commands", empty: "no command", verb: "runs", entries: commandEntries)

    private static func modelEntries(_ state: AppState) -> [ListEntry] {
        state.models.map { model in
            ListEntry(
                title: state.displayName(of: model.reference),
                details: model.problem.map { [$0] } ?? [
                    model.architecture, model.parameters.map(Format.parameters), model.fileBytes.map(Format.bytes),
                    model.format, model.contextLength.map { "\(Format.tokens($0)) ctx" },
                ].compactMap { $0 },
                problem: model.problem, isCurrent: state.session.model?.hasSameName(as: model.reference) == true,
                choice: .model(model.reference))
        }
    }

    private static func sessionEntries(_ state: AppState) -> [ListEntry] {
        state.sessions.map { session in
            ListEntry(
                title: session.title.isEmpty ? "untitled" : session.title,
                details: session.problem.map { [$0] } ?? [
                    Format.age(session.updated, now: state.now), Format.count(session.messageCount, "message"), session.model,
                ].compactMap { $0 },
                problem: session.problem, isCurrent: session.id == state.session.id, choice: .session(session.id))
        }
    }

    private static func presetEntries(_ state: AppState) -> [ListEntry] {
        state.presets.map { preset in
            ListEntry(
                title: preset.name, details: [preset.summary], isCurrent: preset.name == state.session.preset,
                choice: .preset(preset.name))
        }
    }

    private static func themeEntries(_ state: AppState) -> [ListEntry] {
        state.themes.map { theme in
            ListEntry(title: theme.name, isCurrent: theme.name == state.theme.name, choice: .theme(theme.name))
        }
    }

    private static func commandEntries(_ state: AppState) -> [ListEntry] {
        let commands = CommandTable.rows.map { command in
            ListEntry(
                title: "/\(command.name)\(command.arguments.isEmpty ? "" : " \(command.arguments)")",
                details: [command.summary], choice: .command(command.name))
        }
        let panels = KeyMap.rows.compactMap { row -> ListEntry? in
            guard case .open(let kind) = row.action, kind != .commands, let key = row.keys.first else { return nil }
            return ListEntry(title: row.summary, details: ["\(key)"], choice: .panel(kind))
        }
        return panels + commands
    }
}

/// What choosing an entry does.
enum Choice: Sendable, Equatable {
    case model(ModelReference)
    case session(SessionSummary.ID)
    case preset(String)
    case theme(String)
    case command(String)
    case panel(PanelKind)
}

extension AppState {
    mutating func choose(_ choice: Choice) -> [Effect] {
        switch choice {
        case .model(let reference): return use(reference)
        case .session(let id): return id == session.id ? [] : leaveReply() + [.loadSession(id)]
        case .preset(let name): return presets.first { $0.name == name }.map { apply($0) } ?? []
        case .theme(let name): return themes.first { $0.name == name }.map { use($0) } ?? []
        case .panel(let kind): return open(kind)
        case .command(let name):
            guard let command = CommandTable.rows.first(where: { $0.name == name }) else { return [] }
            if command.isWholeWithoutArguments { return run("/\(name)") }
            // The draft makes room and stays in reach.
            if !input.isEmpty { history.add(input.text) }
            input.setText("/\(name) ")
            return []
        }
    }

    /// The model for the replies to come.
    mutating func use(_ reference: ModelReference) -> [Effect] {
        guard session.model?.hasSameName(as: reference) != true else { return [] }
        session.model = reference
        notify(
            .info,
            reply == nil
                ? "\(displayName(of: reference)) answers from now on"
                : "\(displayName(of: reference)) answers from the next message on")
        return [.chooseModel(reference)] + save()
    }

    /// Copies a preset in.
    mutating func apply(_ preset: Preset) -> [Effect] {
        session.preset = preset.name
        if let system = preset.system { session.system = system }
        notify(.info, "preset \(preset.name): \(preset.summary)")
        return change(preset.settings)
    }

    mutating func use(_ theme: Theme) -> [Effect] {
        self.theme = theme
        return [.chooseTheme(theme.name)]
    }

    /// New settings, from the next token on.
    mutating func change(_ settings: GenerationSettings) -> [Effect] {
        session.settings = settings
        return [.changeSettings(settings)] + save()
    }
}
