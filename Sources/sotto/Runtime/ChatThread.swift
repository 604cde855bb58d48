import ChatApp
import Foundation
import Providers
import TUI

/// The thread that owns the terminal. It sleeps in a system call, which no thread of Swift's own pool may do.
enum ChatThread {
    /// Runs the chat from the first drawing to the last effect.
    static func run(_ start: ChatStart) async throws -> ChatLoop.Ending {
        // A clipboard program that stops reading must not end the chat.
        signal(SIGPIPE, SIG_IGN)
        let pipe = try WakePipe()
        let mailbox = Mailbox(waking: pipe)
        let runner = EffectRunner(
            mailbox: mailbox,
            provider: start.catalogue.provider(
                cacheType: start.cacheType, draft: start.draft, for: start.session.model),
            catalogue: start.catalogue, sessions: start.sessions, preferences: start.preferences)
        let effects = Task { await runner.run() }
        if let draft = start.sessions.draft(of: start.session) { mailbox.post(.draftLoaded(start.session.id, draft)) }
        for notice in start.notices { mailbox.post(.notice(notice)) }

        let ending = await onThread(named: "chat") {
            if start.isPlain {
                read(start, runner, mailbox)
                let state = start.state(size: Size(width: 80, height: 24), colorDepth: .none)
                return PlainLoop(state: state, pipe: pipe, mailbox: mailbox, runner: runner).run()
            }
            let terminal = try Terminal()
            defer { terminal.close() }
            let state = start.state(
                size: terminal.size, colorDepth: terminal.colorDepth, followsLinks: terminal.followsLinks)
            terminal.captureMouse(state.screen.capturesMouse)
            let loop = ChatLoop(state: state, terminal: terminal, pipe: pipe, mailbox: mailbox, runner: runner)
            // Only now, so that nothing takes the processor from the first drawing.
            return loop.run { read(start, runner, mailbox) }
        }
        runner.finish()
        await effects.value
        let result = try ending.get()
        if let problem = await runner.unsaved { throw CommandLineError("the conversation was not saved: \(problem)") }
        return result
    }

    /// What the first screen does not need.
    private static func read(_ start: ChatStart, _ runner: EffectRunner, _ mailbox: Mailbox) {
        if let model = start.session.model { runner.start(.chooseModel(model)) }
        runner.start(.listModels)
        runner.start(.loadPresets)
        runner.start(.listSessions)
        mailbox.post(.speedsLoaded(start.catalogue.speeds.speeds))
    }

    private static func onThread<Value: Sendable>(
        named name: String, _ body: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                // Set from within, it is the system's name of the thread too.
                Thread.current.name = name
                continuation.resume(returning: Result(catching: body))
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
