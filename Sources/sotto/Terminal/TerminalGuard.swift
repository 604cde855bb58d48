import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes sure that the terminal is restored, however the program ends.
enum TerminalGuard {
    /// Saves the settings of a terminal, and disconnects standard output and error from it. Call before ncurses changes
    /// the terminal.
    static func arm(terminal: Int32) {
        let state = UnsafeMutablePointer<SavedTerminalState>.allocate(capacity: 1)
        state.initialize(to: SavedTerminalState(drawing: terminal))
        savedState = state
        dup2(state.pointee.null, STDOUT_FILENO)
        dup2(state.pointee.null, STDERR_FILENO)
        let size = 64 << 10
        var stack = stack_t()
        stack.ss_sp = .allocate(byteCount: size, alignment: 16)
        stack.ss_size = size
        sigaltstack(&stack, nil)
        for crash in crashSignals { handleOnAlternateStack(crash) }
        atexit { restoreTerminal() }
    }

    /// Restores standard output and error after running `body`, which leaves the screen in the normal way.
    static func disarm(_ body: () -> Void) {
        guard let state = savedState else { return }
        body()
        restoreTerminal()
        dup2(state.pointee.standardOutput, STDOUT_FILENO)
        for crash in crashSignals { signal(crash, SIG_DFL) }
        FaultHandler.install()
    }

    /// The terminal's file descriptor, for external programs; nil if no terminal is in use.
    static var terminal: Int32? { savedState?.pointee.terminal }

    /// Gives the terminal the settings that it had before, for another program.
    static func restoreSettings() {
        guard let state = savedState else { return }
        tcsetattr(state.pointee.terminal, TCSADRAIN, &state.pointee.settings)
    }

    /// Writes directly to the terminal.
    static func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes all bytes to the terminal, at once if it takes them.
    static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, let state = savedState {
            let terminal = state.pointee.terminal
            let count = rest.withUnsafeBufferPointer { systemWrite(terminal, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Another program has made the terminal non-blocking.
                var descriptor = pollfd(fd: terminal, events: Int16(POLLOUT), revents: 0)
                poll(&descriptor, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// Runs the handler on a separate stack, because a stack that has overflowed has no room for it. The thread that armed
/// the guard has one.
private func handleOnAlternateStack(_ number: Int32) {
    var action = sigaction()
    #if canImport(Glibc)
        action.__sigaction_handler.sa_handler = restoreAfterCrash
    #else
        action.__sigaction_u.__sa_handler = restoreAfterCrash
    #endif
    action.sa_flags = Int32(SA_ONSTACK)
    sigaction(number, &action, nil)
}

private let crashSignals = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]

/// What a signal handler needs. It may only make async-signal-safe calls, so everything is prepared in memory before
/// the handlers are installed.
private struct SavedTerminalState {
    /// The descriptor that ncurses draws to, and another one of the same terminal for the final message.
    let drawing: Int32
    let terminal: Int32
    let null = open("/dev/null", O_WRONLY)
    let standardOutput = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
    let standardError = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
    var settings = termios()
    let resetSequence: UnsafeMutableBufferPointer<UInt8>

    init(drawing: Int32) {
        self.drawing = drawing
        terminal = fcntl(drawing, F_DUPFD_CLOEXEC, 0)
        let text = Array(TerminalModes.emergency.utf8)
        resetSequence = .allocate(capacity: text.count)
        _ = resetSequence.initialize(from: text)
        tcgetattr(terminal, &settings)
    }
}

/// Global storage, because a signal handler cannot be passed anything. Written once, on the terminal's thread, before
/// the handlers exist; set to nil by whichever thread restores the terminal first.
nonisolated(unsafe) private var savedState: UnsafeMutablePointer<SavedTerminalState>?

/// Async-signal-safe.
private func restoreTerminal() {
    guard let state = savedState else { return }
    savedState = nil
    _ = systemWrite(state.pointee.terminal, state.pointee.resetSequence.baseAddress, state.pointee.resetSequence.count)
    tcsetattr(state.pointee.terminal, TCSANOW, &state.pointee.settings)
    dup2(state.pointee.standardError, STDERR_FILENO)
}

/// Async-signal-safe. The default action that follows ends the program with the signal's own status.
///
/// If a thread other than the chat's has crashed, the chat is still drawing. From here on its output is discarded;
/// otherwise it would hide the cursor again after the final message.
private func restoreAfterCrash(_ number: Int32) {
    if let state = savedState { dup2(state.pointee.null, state.pointee.drawing) }
    restoreTerminal()
    if number == SIGBUS { FaultHandler.end() }
    let message: StaticString =
        "sotto: Crashed. Your messages are saved in the session, the reply so far in its journal\n"
    _ = systemWrite(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    signal(number, SIG_DFL)
    raise(number)
}

/// The system call, which the methods named `write` would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
