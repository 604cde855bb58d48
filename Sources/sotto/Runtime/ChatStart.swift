import Chat
import ChatApp
import Foundation
import Inference
import Providers
import Sessions
import TUI

/// What the chat opens with, found before the screen is taken over so that mistakes can still be told plainly.
struct ChatStart: Sendable {
    let catalogue = Catalogue.current
    let preferences = Preferences.load()
    /// Without a screen.
    let isPlain: Bool
    let themes: [Theme]
    /// The one to wear.
    let theme: String?
    let cacheType: KVCacheType
    let draft: ModelArgument?
    private(set) var session: SessionRecord
    /// The session on disk.
    private(set) var sessions: SessionKeeper
    /// To be told once the screen is there.
    private(set) var notices: [Notice] = []

    init(_ arguments: ChatCommand) throws {
        isPlain = PlainMode.isNeeded(requested: arguments.plain)
        guard isPlain || StandardInput.isTerminal && StandardOutput.isTerminal else { throw TerminalError.notATerminal }
        theme = arguments.theme ?? preferences.theme
        themes = catalogue.themes()
        cacheType = arguments.cache.kvType
        draft = arguments.draft.draftModel
        _ = try draft?.path()
        if let theme = arguments.theme, !themes.contains(where: { $0.name == theme }) {
            let names = themes.map(\.name).joined(separator: ", ")
            throw CommandLineError("there is no theme \"\(theme)\"; there are: \(names)")
        }
        sessions = SessionKeeper(store: SessionStore(folder: catalogue.home.sessions))
        session = SessionRecord(id: SessionID.new().text, created: Date())

        try openSession(arguments)
        if let name = arguments.chosen.preset {
            let preset = try catalogue.presets.load(name)
            session.preset = preset.name
            session.settings = preset.settings
            session.system = preset.system ?? session.system
        }
        try chooseModel(arguments)
    }

    private mutating func openSession(_ arguments: ChatCommand) throws {
        if let name = arguments.session {
            let opened = try sessions.open(named: name)
            session = opened.session
            notices += opened.notices
            return
        }
        if !arguments.continues, let unsent = sessions.unsentDraft() {
            session.id = unsent
            return
        }
        let last = preferences.session.flatMap { try? sessions.open($0) } ?? openLatest()
        guard let last, arguments.continues || last.session.readOnly == nil else {
            guard !arguments.continues else { throw CommandLineError("there is no session to continue yet") }
            if let reason = last?.session.readOnly {
                notices.append(Notice(.info, "a new session: the last one is read-only (\(reason))"))
            }
            sessions.close()
            return
        }
        session = last.session
        notices += last.notices
    }

    /// The session that was changed last and can be written to.
    private mutating func openLatest() -> (session: SessionRecord, notices: [Notice])? {
        for summary in sessions.list() where summary.problem == nil {
            if let opened = try? sessions.open(summary.id), opened.session.readOnly == nil { return opened }
        }
        return nil
    }

    private mutating func chooseModel(_ arguments: ChatCommand) throws {
        if let named = arguments.chosen.model {
            session.model = try catalogue.models.find(named.text).reference
        }
        // Else the first list of models brings one: nothing is looked for before the first screen.
    }

    func state(size: Size, colorDepth: ColorDepth, followsLinks: Bool = false) -> AppState {
        let model = DownloadableModel.standard
        return AppState(
            session: session, themes: themes, theme: theme, colorDepth: colorDepth,
            history: HistoryFile(catalogue.home).load(), size: size, terminalFollowsLinks: followsLinks,
            preferredModel: preferences.model ?? Catalogue.defaultModelName,
            offer: ModelOffer(
                name: model.name, bytes: model.downloadBytes, license: model.license, folder: catalogue.home.models),
            capturesMouse: preferences.mouse ?? true, now: Date())
    }
}
