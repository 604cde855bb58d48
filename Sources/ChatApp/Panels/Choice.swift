import Chat
import Replies
import TUI

/// What choosing an entry of a list does.
enum Choice: Sendable, Equatable {
    case model(ModelReference)
    /// Asks a service, by its id, for its models.
    case serviceModels(String)
    case session(SessionSummary.ID)
    /// Restores a deleted session and opens it.
    case restore(SessionSummary.ID)
    /// Asks what would be fetched from an address.
    case plan(String)
    /// Fetches a model.
    case pull(PullPlan)
    case preset(String)
    case theme(String)
    /// A slash command, by name.
    case command(String)
    /// A setting, by its name in commands.
    case setting(String)
    /// What a key does in a context.
    case key(KeyAction, KeyContext)
    /// Shows the branch with this message.
    case message(Message.ID)
    /// Branches from a reply: its first tokens, then this one.
    case token(TokenChoice, after: Int, of: Message.ID)
}

extension Choice {
    /// Whether it is one of what a list lists, rather than a way to get more.
    var isItem: Bool { if case .serviceModels = self { false } else { true } }
}

extension AppState {
    mutating func choose(_ choice: Choice) -> [Effect] {
        screen.notices.withdraw(.request)
        switch choice {
        case .model(let reference): return switchModel(to: reference)
        case .serviceModels(let id): return listServiceModels(id)
        case .plan(let address): return openPull(address: address)
        case .pull(let plan):
            do throws(CommandError) { return try startPull(plan.address, plan) } catch {
                notify(.warning, error.description, about: .pull)
                return []
            }
        case .session(let id):
            return id == session.record.id ? [] : warnIfUnsaved() ?? abandonReply() + [.loadSession(id)]
        case .restore(let id): return restoreAndOpen(id)
        case .preset(let name): return library.presets.first { $0.name == name }.map { applyPreset($0) } ?? []
        case .theme(let name): return switchTheme(to: name)
        case .key(let action, let context): return runFromHelp(action, in: context)
        case .setting(let name):
            beginCommand("/set \(name) ")
            return []
        case .command(let name):
            guard let command = CommandTable.command(named: name) else { return [] }
            if command.worksWithoutArguments { return runCommand("/\(name)") }
            beginCommand("/\(name) ")
            return []
        case .message(let id): return showBranch(through: id)
        case .token(let token, let count, let message): return branchReply(message, after: count, with: token)
        }
    }

    /// Does what a key does where help or the palette was opened.
    private mutating func runFromHelp(_ action: KeyAction, in context: KeyContext) -> [Effect] {
        // A message's key acts on the latest message if none is selected.
        if context == .message, keyContext == .input { moveSelection(-1) }
        guard keyContext == context else { return [] }
        return runKeyAction(action, wasQuitting: false)
    }

    /// Puts the beginning of a command into the input. The draft moves to the history.
    private mutating func beginCommand(_ text: String) {
        if !composer.input.isEmpty { composer.history.add(composer.input.text) }
        composer.input.setText(text)
    }

    /// Chooses the model for later replies.
    private mutating func switchModel(to reference: ModelReference) -> [Effect] {
        if session.record.model?.hasSameName(as: reference) == true {
            guard library.chosenModel?.hasSameName(as: reference) != true else { return [] }
            library.chosenModel = reference
            return [.chooseModel(reference)]
        }
        let old = session.record.model
        session.record.model = reference
        library.chosenModel = reference
        screen.notices.withdraw(.model, .draft)
        // Another model counts differently, and its context has another size.
        session.context = nil
        let changes = adoptModelSettings(after: old)
        let name = displayName(of: reference)
        let begins = session.reply == nil ? "" : ", starting with the next message"
        let settings = changes.isEmpty ? "" : ". Its settings apply: \(changes.joined(separator: ", "))"
        notify(.info, "Switched to \(name)\(begins)\(settings)")
        let change: [Effect] = changes.isEmpty ? [] : [.changeSettings(session.record.settings)]
        return [.chooseModel(reference)] + change + saveSession()
    }

    /// Copies a preset's settings and its system prompt into the session.
    private mutating func applyPreset(_ preset: Preset) -> [Effect] {
        let change = promptChange(by: preset)
        if session.record.systemPreset(among: library.presets) == nil, let own = session.record.system {
            session.ownSystem = own
        }
        session.record.apply(preset, among: library.presets, own: session.ownSystem)
        notify(.info, "Preset \(preset.name)\(change.map { ", \($0)" } ?? ""): \(preset.summary)")
        return changeSettings(fitted(preset.settings, to: session.record.model))
    }

    /// What a preset does to the session's system prompt, as part of a sentence; nil if nothing.
    func promptChange(by preset: Preset) -> String? {
        var next = session.record
        let old = session.record.systemPreset(among: library.presets)
        next.apply(preset, among: library.presets, own: old == nil ? session.record.system : session.ownSystem)
        guard next.system != session.record.system else { return nil }
        if preset.system != nil { return "with its system prompt" }
        return next.system == nil ? "without the system prompt of \(old?.name ?? "")" : "with your own system prompt"
    }

    /// Chooses the theme. Its file is read again, in case it was changed.
    private mutating func switchTheme(to name: String) -> [Effect] {
        screen.themeName = name
        updateTheme()
        return [.chooseTheme(name), .loadThemes(isAsked: true)]
    }

    /// Changes the settings, from the next token on.
    mutating func changeSettings(_ settings: GenerationSettings) -> [Effect] {
        let old = session.record.settings
        if settings.contextLength != old.contextLength { screen.notices.withdraw(.draft, .reply) }
        // What a reply's end advised has been done.
        if settings.maxTokens != old.maxTokens { screen.notices.withdraw(.reply) }
        session.record.settings = settings
        if session.record.readOnly != nil { notify(.info, "Not saved: this session is read-only") }
        return [.changeSettings(settings)] + saveSession()
    }
}
