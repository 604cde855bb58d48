import ChatApp
import Foundation
import TUI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The chat's thread: waits for events, passes them to `update`, and draws the result.
///
/// Only this thread uses the terminal. Everything slow is an effect that runs elsewhere.
final class ChatLoop {
    /// How the chat ended.
    enum Ending: Equatable {
        case quit
        /// A signal asked the program to end.
        case signal(Int32)
    }

    private static let endingSignals = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]
    /// The time between two drawings while many events arrive.
    private static let frame = Duration.milliseconds(50)
    /// If drawing is slow, the interval grows up to `longestFrame` so that drawing takes at most this share of a core.
    private static let drawingShare = 1.0 / 60
    private static let longestFrame = Duration.milliseconds(200)
    /// The time between two drawings that respond to keys.
    private static let keyFrame = Duration.milliseconds(4)

    private var state: AppState
    private let terminal: Terminal
    private let pipe: WakePipe
    private let mailbox: Mailbox
    private let runner: EffectRunner
    private var ending: Ending?
    private var needsDrawing = true
    /// Whether the next drawing responds to a key.
    private var isResponse = false
    private var pause: Duration { isResponse ? Self.keyFrame : frame }
    private var frame = ChatLoop.frame
    private var lastDrawn = ContinuousClock.now - longestFrame
    /// Posted events wait until then: the events of a reply are processed together, once per drawing.
    private var restsUntil = ContinuousClock.now
    /// The latest text of the reply, not yet in the journal.
    private var journal: Effect?

    init(state: AppState, terminal: Terminal, pipe: WakePipe, mailbox: Mailbox, runner: EffectRunner) {
        self.state = state
        self.terminal = terminal
        self.pipe = pipe
        self.mailbox = mailbox
        self.runner = runner
    }

    /// The session that the chat ended with; nil if it has no message and so no file.
    var savedSession: String? { state.session.record.isWorthSaving ? state.session.record.id : nil }

    /// Runs until the user or the system ends the chat.
    ///
    /// - Parameter begin: called when the first screen is drawn.
    func run(begin: () -> Void) -> Ending {
        pipe.take(Self.endingSignals + [SIGWINCH, SIGTSTP, SIGCONT])
        dispatch(.resize(terminal.size))
        draw()
        begin()
        while true {
            if needsDrawing, .now >= lastDrawn + pause { draw() }
            wait()
            for signal in pipe.drainSignals() { handleSignal(signal) }
            for key in terminal.readKeys() where ending == nil {
                handleKey(key)
                isResponse = true
            }
            for event in mailbox.drain() where ending == nil { dispatch(event) }
            startJournal()
            if let tick = state.nextTick, .now >= tick { dispatch(.tick) }
            if let ending {
                dispatch(.ending)
                return ending
            }
        }
    }

    private func dispatch(_ event: AppEvent) {
        for effect in update(&state, event, now: Date(), instant: .now) {
            switch effect {
            case .quit: ending = .quit
            case .copy(let text, let name):
                terminal.copy(text)
                ClipboardProgram.copy(text, name: name, with: ClipboardProgram.all(), others: [.terminal]) {
                    [mailbox] report in mailbox.post(.copied(report))
                }
            case .page(let text): showInPager(text)
            case .editDraft(let text): openEditor(text)
            case .redraw: terminal.redraw()
            case .captureMouse(let isCaptured):
                terminal.captureMouse(isCaptured)
                runner.start(effect)
            // The last one includes those before it.
            case .journal: journal = effect
            default:
                startJournal()
                runner.start(effect)
            }
        }
        needsDrawing = true
    }

    private func startJournal() {
        if let journal { runner.start(journal) }
        journal = nil
    }

    /// Shows text in the user's pager. Not every pager shows control characters as text, so they are replaced.
    private func showInPager(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let visible = lines.map { Sanitizer.visible(String($0)) }.joined(separator: "\n")
        lend(.pager, to: visible, mayFlash: true) { _ in }
    }

    /// Opens the draft in the user's editor.
    private func openEditor(_ draft: String) {
        lend(.editor, to: draft) { file in dispatch(.draftEdited(try file.read())) }
    }

    /// Lends the terminal to a program. Replies continue to arrive and are saved in the meantime.
    ///
    /// - Parameter mayFlash: the program may exit at once, as `cat` does; its output then stays until Enter is pressed.
    private func lend(
        _ program: ExternalProgram, to text: String, mayFlash: Bool = false,
        then body: (TemporaryTextFile) throws -> Void
    ) {
        guard let descriptor = TerminalGuard.terminal else { return }
        func meanwhile(_ signals: [Int32]) {
            for signal in signals { handleSignal(signal) }
            for event in mailbox.drain() where ending == nil { dispatch(event) }
        }
        do {
            try TemporaryTextFile.with(text) { file in
                try terminal.suspend {
                    let start = ContinuousClock.now
                    try program.run(on: file.path, terminal: descriptor, waking: pipe, meanwhile: meanwhile)
                    guard mayFlash, start.duration(to: .now) < Self.flash else { return }
                    ExternalProgram.waitForEnter(terminal: descriptor, waking: pipe) { signals in
                        meanwhile(signals)
                        return ending == nil
                    }
                }
                try body(file)
            }
        } catch {
            dispatch(.notice(Notice(.warning, "\(error)")))
        }
        dispatch(.resize(terminal.size))
    }

    /// Nobody can have read the output and pressed a key in less than this.
    private static let flash = Duration.milliseconds(150)

    private func draw() {
        let began = Self.processorSeconds
        terminal.draw(view(state))
        let cost = Self.processorSeconds - began
        frame = Duration.seconds(cost / Self.drawingShare).clamped(to: Self.frame...Self.longestFrame)
        lastDrawn = .now
        restsUntil = isResponse ? lastDrawn : lastDrawn + frame
        (needsDrawing, isResponse) = (false, false)
    }

    /// Processor time of this thread.
    private static var processorSeconds: TimeInterval {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return TimeInterval(time.tv_sec) + TimeInterval(time.tv_nsec) / 1e9
    }

    /// Waits for a key, a signal, a posted event, or until the next drawing or tick is due.
    private func wait() {
        let now = ContinuousClock.now
        let rests = now < restsUntil
        let due = [needsDrawing ? lastDrawn + pause : nil, rests ? restsUntil : nil, state.nextTick, terminal.keysDue]
            .compactMap(\.self).min()
        let milliseconds = due.map { PollTime.milliseconds(until: $0) }
        // If a drawing is due soon, events and signals until then wait for it, so that not every token wakes this thread
        // up. (`poll` ignores negative descriptors.)
        let posted = rests || needsDrawing && !isResponse ? -1 : pipe.readEnd
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: posted, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, nfds_t(descriptors.count), milliseconds ?? -1)
        // The terminal is gone.
        if Int32(descriptors[0].revents) & (POLLHUP | POLLERR | POLLNVAL) != 0 { ending = .signal(SIGHUP) }
    }

    private func handleKey(_ key: Key) {
        if key == .control("z") { suspend() } else { dispatch(.key(key)) }
    }

    private func handleSignal(_ signal: Int32) {
        switch signal {
        case SIGWINCH:
            terminal.resize()
            dispatch(.resize(terminal.size))
        case SIGTSTP: suspend()
        // The program was stopped by SIGSTOP and continued; the screen has to be drawn again.
        case SIGCONT: terminal.suspend {}
        case _ where Self.endingSignals.contains(signal): ending = .signal(signal)
        // A late SIGCHLD of a program that had the terminal.
        default: break
        }
        needsDrawing = true
    }

    /// Suspends the program and gives the terminal back to the shell until it is continued.
    private func suspend() {
        var signals: [Int32] = []
        terminal.suspend {
            signal(SIGTSTP, SIG_DFL)
            kill(0, SIGTSTP)
            // Another thread may receive the signal a little later, and must find the default action until then. A
            // process group without a shell that could continue it is not stopped at all.
            signals = pipe.signals(until: SIGCONT, milliseconds: 300)
            pipe.take([SIGTSTP])
        }
        signals += pipe.drainSignals()
        if let last = signals.first(where: Self.endingSignals.contains) { ending = .signal(last) }
        dispatch(.resize(terminal.size))
    }
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
