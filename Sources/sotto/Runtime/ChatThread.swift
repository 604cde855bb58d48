import ChatApp
import Foundation

/// The thread that owns the terminal. It sleeps in a system call, which no thread of Swift's own pool may do.
enum ChatThread {
    static func run() async throws -> ChatLoop.Ending {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(with: Result { try runHere() })
            }
            thread.name = "chat"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    private static func runHere() throws -> ChatLoop.Ending {
        let pipe = try WakePipe()
        let terminal = try Terminal()
        defer { terminal.close() }
        let state = AppState(
            session: ChatSession(id: "x", created: Date()), size: terminal.size, now: Date())
        let mailbox = Mailbox(waking: pipe)
        return ChatLoop(
            state: state, terminal: terminal, pipe: pipe, mailbox: mailbox, runner: EffectRunner()).run()
    }
}
