import ChatApp
import Foundation
import Providers

/// The thread that owns the terminal. It sleeps in a system call, which no thread of Swift's own pool may do.
enum ChatThread {
    /// Runs the chat from the first drawing to the last effect.
    static func run(_ start: ChatStart) async throws -> ChatLoop.Ending {
        // A clipboard program that stops reading must not end the chat.
        signal(SIGPIPE, SIG_IGN)
        let pipe = try WakePipe()
        let mailbox = Mailbox(waking: pipe)
        let runner = EffectRunner(
            mailbox: mailbox, provider: start.catalogue.provider(cacheType: start.cacheType, draft: start.draft),
            catalogue: start.catalogue, sessions: start.sessions, preferences: start.preferences)
        let effects = Task { await runner.run() }
        runner.start(.listModels)
        runner.start(.listSessions)
        if let model = start.session.model { runner.start(.chooseModel(model)) }
        mailbox.post(.speedsLoaded(SpeedLog(file: URL(filePath: start.catalogue.home.speeds)).speeds))
        mailbox.post(.presetsLoaded(start.catalogue.presets().presets))
        if let draft = start.sessions.draft(of: start.session) { mailbox.post(.draftLoaded(start.session.id, draft)) }
        for notice in start.notices { mailbox.post(.notice(notice)) }

        let ending = await onThread(named: "chat") {
            let terminal = try Terminal()
            defer { terminal.close() }
            let state = AppState(
                session: start.session, themes: start.themes, theme: start.theme, colorDepth: terminal.colorDepth,
                history: HistoryFile(start.catalogue.home).load(), size: terminal.size,
                terminalFollowsLinks: terminal.followsLinks,
                capturesMouse: start.preferences.mouse ?? true, now: Date())
            terminal.captureMouse(state.capturesMouse)
            return ChatLoop(state: state, terminal: terminal, pipe: pipe, mailbox: mailbox, runner: runner).run()
        }
        runner.finish()
        await effects.value
        return try ending.get()
    }

    private static func onThread<Value: Sendable>(
        named name: String, _ body: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: Result(catching: body)) }
            thread.name = name
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
