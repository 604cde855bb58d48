import Chat
import ChatApp
import Downloads
import Files
import Foundation
import Inference
import Providers
import Sessions
import TUI

/// Everything the chat starts with. It is loaded before the screen is set up, so that errors can be printed.
struct ChatStart: Sendable {
    let catalogue = Catalogue.current
    let preferences: Preferences
    /// Whether to run in line mode.
    let isPlain: Bool
    let themes: [Theme]
    /// The name of the chosen theme.
    let theme: String?
    let cacheType: KVCacheType
    /// Nil for the fastest.
    let instructionSet: InstructionSet?
    let draft: ModelArgument?
    /// The path of a chat template for all models.
    let template: String?
    let services: ServiceSetup
    private(set) var session: SessionRecord
    /// Whether the user named the session's model when starting.
    let isModelChosen: Bool
    /// The session on disk.
    private(set) var sessions: SessionKeeper
    /// The session that a program was saving when it crashed; usually nil.
    private let recovered: String?
    /// To be shown on the first screen.
    private(set) var notices: [Notice] = []

    init(_ arguments: ChatCommand) throws {
        isPlain = PlainMode.isNeeded(requested: arguments.plain)
        guard isPlain || StandardInput.isTerminal && StandardOutput.isTerminal else { throw TerminalError.notATerminal }
        preferences = Preferences.load(from: catalogue.home)
        theme = arguments.theme ?? preferences.theme
        themes = catalogue.themes()
        cacheType = arguments.cache.kvType
        instructionSet = try arguments.instructions.chosen()
        draft = arguments.draft.draftModel
        template = arguments.chosen.templatePath
        if let template { _ = try TextFile.read(template) }
        isModelChosen = arguments.chosen.model != nil
        _ = try draft?.path()
        if let theme = arguments.theme, !themes.contains(where: { $0.name == theme }) {
            let names = themes.map(\.name).joined(separator: ", ")
            let near = Spelling.nearest(to: theme, among: themes.map(\.name)).map { " Did you mean \($0)?" } ?? ""
            throw CommandLineError("No theme called \"\(theme)\".\(near) Themes: \(names)")
        }
        services = ServiceSetup(home: catalogue.home)
        notices += services.problems.map { Notice(.warning, $0, cause: .program) }
        catalogue.home.removeLeftovers()
        TemporaryFolder.removeLeftovers()
        sessions = SessionKeeper(store: catalogue.sessions)
        recovered = sessions.store.removeLeftovers()?.text
        session = SessionRecord(id: SessionID.new().text, created: Date())

        try openSession(arguments)
        sessions.store.mergeInterruptedReplies()
        if let name = arguments.chosen.preset {
            let preset = try catalogue.presets.load(name)
            session.apply(preset, among: catalogue.presets.list().presets)
        }
        try chooseModel(arguments)
    }

    private mutating func openSession(_ arguments: ChatCommand) throws {
        if let name = arguments.session {
            let opened = try sessions.open(named: name)
            session = opened.record
            notices += opened.notices
            return
        }
        if !arguments.continues, recovered == nil, let unsent = sessions.unsentDraft() {
            session.id = unsent
            return
        }
        let last = (recovered ?? preferences.session).flatMap { try? sessions.open($0) } ?? openLatest()
        guard let last, arguments.continues || last.record.readOnly == nil else {
            guard !arguments.continues else { throw CommandLineError("There is no session to continue yet") }
            if let reason = last?.record.readOnly {
                notices.append(Notice(.info, "Started a new session: the last one is read-only (\(reason))"))
            }
            sessions.close()
            return
        }
        session = last.record
        notices += last.notices
    }

    /// The most recently changed session that is writable.
    private mutating func openLatest() -> (record: SessionRecord, notices: [Notice])? {
        for summary in sessions.list() where summary.problem == nil {
            if let opened = try? sessions.open(summary.id), opened.record.readOnly == nil { return opened }
        }
        return nil
    }

    private mutating func chooseModel(_ arguments: ChatCommand) throws {
        if let named = arguments.chosen.model {
            session.model = try services.reference(named: named.text, in: catalogue)
        }
        // Otherwise one is chosen when the models are listed, which happens after the first screen.
    }

    func state(size: Size, colorDepth: ColorDepth, followsLinks: Bool = false) -> AppState {
        AppState(
            session: session, themes: themes, theme: theme, colorDepth: colorDepth,
            history: HistoryFile(catalogue.home).load(), size: size, terminalFollowsLinks: followsLinks,
            providers: services.profiles,
            preferredModel: (isModelChosen ? session.model?.text : nil) ?? preferences.model
                ?? Catalogue.defaultModelName,
            defaultDownload: PullTask.defaultModel, modelsFolder: catalogue.home.models,
            capturesMouse: preferences.mouse ?? true,
            about: About(home: catalogue.home, instructionSet: instructionSet ?? .best), isPlain: isPlain, now: Date())
    }
}
