import Chat
import ChatApp
import Foundation
import Providers
import TUI

/// The thread that owns the terminal. It waits in a system call, which Swift's shared threads must not do.
enum ChatThread {
    /// How the chat ended, and the session that can be resumed.
    struct Result: Sendable {
        var ending: ChatLoop.Ending
        var session: String?
    }

    /// Runs the chat from the first drawing to the last effect.
    static func run(_ start: ChatStart) async throws -> Result {
        // A clipboard program that stops reading must not end the chat.
        signal(SIGPIPE, SIG_IGN)
        let pipe = try WakePipe()
        let mailbox = Mailbox(waking: pipe)
        let local = start.catalogue.provider(
            cacheType: start.cacheType, instructionSet: start.instructionSet, draft: start.draft,
            template: start.template, remembersTemplate: true, for: start.session.model)
        let runner = EffectRunner(
            mailbox: mailbox, registry: ProviderRegistry([local] + start.services.providers.map(\.complete)),
            services: start.services, catalogue: start.catalogue, sessions: start.sessions)
        let effects = Task { await runner.run() }
        if let draft = start.sessions.draft(of: start.session) { mailbox.post(.draftLoaded(start.session.id, draft)) }
        for notice in start.notices { mailbox.post(.notice(notice)) }

        let ending = await onThread(named: "chat") {
            if start.isPlain {
                load(start, runner, mailbox)
                let state = start.state(size: Size(width: 80, height: 24), colorDepth: .none)
                let loop = PlainLoop(state: state, pipe: pipe, mailbox: mailbox, runner: runner)
                return Result(ending: loop.run(), session: loop.savedSession)
            }
            let terminal = try Terminal()
            defer { terminal.close() }
            let state = start.state(
                size: terminal.size, colorDepth: terminal.colorDepth, followsLinks: terminal.followsLinks)
            terminal.captureMouse(state.screen.capturesMouse)
            let loop = ChatLoop(state: state, terminal: terminal, pipe: pipe, mailbox: mailbox, runner: runner)
            // Not earlier, so that the first drawing has the processor to itself.
            let ending = loop.run { load(start, runner, mailbox) }
            return Result(ending: ending, session: loop.savedSession)
        }
        runner.finish()
        await effects.value
        let result = try ending.get()
        if let problem = await runner.saveProblem {
            throw CommandLineError("The conversation was not saved: \(problem)")
        }
        return result
    }

    /// Loads what the first screen does not need.
    private static func load(_ start: ChatStart, _ runner: EffectRunner, _ mailbox: Mailbox) {
        if let model = start.session.model {
            runner.start(start.isModelChosen ? .chooseModel(model) : .useModel(model))
        }
        runner.start(.listModels)
        runner.start(.loadPresets)
        runner.start(.listSessions)
        mailbox.post(.speedsLoaded(start.catalogue.speedFile.load()))
    }

    private static func onThread<Value: Sendable>(
        named name: String, _ body: @escaping @Sendable () throws -> Value
    ) async -> Swift.Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                // Set on the thread itself, this is also the system's name for it.
                Thread.current.name = name
                continuation.resume(returning: Swift.Result(catching: body))
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
