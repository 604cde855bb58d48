import Chat
import TUI

/// What choosing an entry does.
enum Choice: Sendable, Equatable {
    case model(ModelReference)
    case session(SessionSummary.ID)
    case preset(String)
    case theme(String)
    /// A slash command, by name.
    case command(String)
    /// A setting, by its name in commands.
    case setting(String)
    /// What a key does in a context.
    case key(KeyAction, KeyContext)
}

extension AppState {
    mutating func choose(_ choice: Choice) -> [Effect] {
        switch choice {
        case .model(let reference): return use(reference)
        case .session(let id):
            return id == session.record.id ? [] : warnIfUnsaved() ?? abandonReply() + [.loadSession(id)]
        case .preset(let name): return library.presets.first { $0.name == name }.map { apply($0) } ?? []
        case .theme(let name): return use(theme: name)
        case .key(let action, let context): return act(action, in: context)
        case .setting(let name):
            beginCommand("/set \(name) ")
            return []
        case .command(let name):
            guard let command = CommandTable.command(named: name) else { return [] }
            if command.isWholeWithoutArguments { return run("/\(name)") }
            beginCommand("/\(name) ")
            return []
        }
    }

    /// Puts the beginning of a command into the input. The draft makes room and stays in reach.
    private mutating func beginCommand(_ text: String) {
        if !composer.input.isEmpty { composer.history.add(composer.input.text) }
        composer.input.setText(text)
    }

    /// The model for the replies to come.
    mutating func use(_ reference: ModelReference) -> [Effect] {
        guard session.record.model?.hasSameName(as: reference) != true else { return [] }
        setModel(reference)
        notify(
            .info,
            session.reply == nil
                ? "\(displayName(of: reference)) answers from now on"
                : "\(displayName(of: reference)) answers from the next message on")
        return [.chooseModel(reference)] + saveSession()
    }

    /// Copies a preset in.
    mutating func apply(_ preset: Preset) -> [Effect] {
        session.record.preset = preset.name
        let isOtherPrompt =
            preset.system != nil && session.record.system != nil && preset.system != session.record.system
        if let system = preset.system { session.record.system = system }
        notify(.info, "preset \(preset.name)\(isOtherPrompt ? ", with its system prompt" : ""): \(preset.summary)")
        return change(preset.settings)
    }

    /// The colours from now on. Its file is read again, so that what was changed there is seen.
    mutating func use(theme name: String) -> [Effect] {
        screen.themeName = name
        showTheme()
        return [.chooseTheme(name), .loadThemes(isAsked: true)]
    }

    /// New settings, from the next token on.
    mutating func change(_ settings: GenerationSettings) -> [Effect] {
        session.record.settings = settings
        if session.record.readOnly != nil { notify(.info, "this is not kept: the session is read-only") }
        return [.changeSettings(settings)] + saveSession()
    }
}
