import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sees to it that the terminal is left as it was found, whatever ends the program.
enum TerminalGuard {
    /// Notes the settings of a terminal and takes standard output and error away from it. Call before ncurses
    /// changes it.
    static func arm(terminal: Int32) {
        let memory = UnsafeMutablePointer<GuardMemory>.allocate(capacity: 1)
        memory.initialize(to: GuardMemory(drawing: terminal))
        guardMemory = memory
        dup2(memory.pointee.nothing, STDOUT_FILENO)
        dup2(memory.pointee.nothing, STDERR_FILENO)
        let size = 64 << 10
        var stack = stack_t()
        stack.ss_sp = .allocate(byteCount: size, alignment: 16)
        stack.ss_size = size
        sigaltstack(&stack, nil)
        for crash in crashSignals { takeOnItsOwnStack(crash) }
        atexit { restoreTerminal() }
    }

    /// Runs `body`, which leaves the screen in the orderly way, and gives standard output and error back.
    static func disarm(_ body: () -> Void) {
        guard let memory = guardMemory else { return }
        body()
        restoreTerminal()
        dup2(memory.pointee.standardOutput, STDOUT_FILENO)
        for crash in crashSignals { signal(crash, SIG_DFL) }
    }

    /// The terminal itself, for programs that it is lent to; nil where none was taken over.
    static var terminal: Int32? { guardMemory?.pointee.terminal }

    /// Sends bytes straight to the terminal.
    static func write(_ text: String) {
        guard let memory = guardMemory else { return }
        let bytes = Array(text.utf8)
        _ = systemWrite(memory.pointee.terminal, bytes, bytes.count)
    }
}

/// A stack that has overflowed has no room for a handler: on the thread that armed the guard there is another one.
private func takeOnItsOwnStack(_ number: Int32) {
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

/// What a signal handler needs. It may only make async-signal-safe calls, so everything lies ready in memory that is
/// written before the handlers are installed.
private struct GuardMemory {
    /// What ncurses draws to, and the same terminal for the last words.
    let drawing: Int32
    let terminal: Int32
    let nothing = open("/dev/null", O_WRONLY)
    let standardOutput = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
    let standardError = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
    var settings = termios()
    let farewell: UnsafeMutableBufferPointer<UInt8>

    init(drawing: Int32) {
        self.drawing = drawing
        terminal = fcntl(drawing, F_DUPFD_CLOEXEC, 0)
        let text = Array(TerminalModes.emergency.utf8)
        farewell = .allocate(capacity: text.count)
        _ = farewell.initialize(from: text)
        tcgetattr(terminal, &settings)
    }
}

/// Plain global storage, because a signal handler can be given nothing else. Written once, on the terminal's thread,
/// before the handlers exist; set to nil by whoever restores the terminal first.
nonisolated(unsafe) private var guardMemory: UnsafeMutablePointer<GuardMemory>?

/// Async-signal-safe.
private func restoreTerminal() {
    guard let memory = guardMemory else { return }
    guardMemory = nil
    _ = systemWrite(memory.pointee.terminal, memory.pointee.farewell.baseAddress, memory.pointee.farewell.count)
    tcsetattr(memory.pointee.terminal, TCSANOW, &memory.pointee.settings)
    dup2(memory.pointee.standardError, STDERR_FILENO)
}

/// Async-signal-safe. The default action that follows ends the program with the signal's own status.
///
/// Another thread than the chat's may have crashed, and that one is still drawing: what it draws from here on goes
/// nowhere, or it would hide the cursor again behind the last words.
private func restoreAfterCrash(_ number: Int32) {
    if let memory = guardMemory { dup2(memory.pointee.nothing, memory.pointee.drawing) }
    restoreTerminal()
    let farewell: StaticString = "sotto: crashed; what was said is in the session, the reply so far in its journal\n"
    _ = systemWrite(STDERR_FILENO, farewell.utf8Start, farewell.utf8CodeUnitCount)
    signal(number, SIG_DFL)
    raise(number)
}

/// The system call, which the methods named `write` here would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
