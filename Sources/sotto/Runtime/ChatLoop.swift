import ChatApp
import Foundation
import TUI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The chat's thread: sleeps until something happens, lets `update` decide what it means, and draws the result.
///
/// The terminal is touched here and nowhere else. Everything slow is an effect that runs somewhere else.
final class ChatLoop {
    /// How the chat ended.
    enum Ending: Equatable {
        case quit
        /// The program was asked to end by a signal.
        case signal(Int32)
    }

    private static let endingSignals = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]
    /// Seconds between two drawings while events pour in.
    private static let frame: TimeInterval = 1.0 / 20
    /// The same where drawings take long: they are to take this share of a core at most, until the pause is the longest.
    private static let drawingShare = 1.0 / 60
    private static let longestFrame: TimeInterval = 1.0 / 5
    /// The same where a key was pressed: what it did is to be seen at once.
    private static let keyFrame: TimeInterval = 1.0 / 240

    private var state: AppState
    private let terminal: Terminal
    private let pipe: WakePipe
    private let mailbox: Mailbox
    private let runner: EffectRunner
    private var ending: Ending?
    private var needsDrawing = true
    /// What is to be drawn answers a key.
    private var isAnswer = false
    private var pause: TimeInterval { isAnswer ? Self.keyFrame : frame }
    private var frame = ChatLoop.frame
    private var lastDrawn = Date.distantPast
    /// Until when posted events are left lying: those of a reply are taken up together, once for each drawing.
    private var restsUntil = Date.distantPast
    /// The reply as it stands, on its way to the journal.
    private var journal: Effect?

    init(state: AppState, terminal: Terminal, pipe: WakePipe, mailbox: Mailbox, runner: EffectRunner) {
        self.state = state
        self.terminal = terminal
        self.pipe = pipe
        self.mailbox = mailbox
        self.runner = runner
    }

    /// Runs until the person or the system ends the chat.
    ///
    /// - Parameter begin: called when the first screen is there.
    func run(begin: () -> Void) -> Ending {
        pipe.take(Self.endingSignals + [SIGWINCH, SIGTSTP, SIGCONT])
        dispatch(.resize(terminal.size))
        draw()
        begin()
        while true {
            if needsDrawing, Date() >= lastDrawn + pause { draw() }
            wait()
            for signal in pipe.drainSignals() { handle(signal) }
            for key in terminal.readKeys() where ending == nil {
                handle(key)
                isAnswer = true
            }
            for event in mailbox.drain() where ending == nil { dispatch(event) }
            startJournal()
            if let tick = state.nextTick, Date() >= tick { dispatch(.tick) }
            if let ending {
                dispatch(.ending)
                return ending
            }
        }
    }

    private func dispatch(_ event: AppEvent) {
        for effect in update(&state, event, now: Date()) {
            switch effect {
            case .quit: ending = .quit
            case .copy(let text):
                terminal.copy(text)
                ClipboardProgram()?.copy(text)
            case .page(let text): page(text)
            case .editDraft(let text): edit(text)
            case .redraw: terminal.redraw()
            case .captureMouse(let isCaptured):
                terminal.captureMouse(isCaptured)
                runner.start(effect)
            // Of those that come together the last says all.
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

    /// Shows text in the person's pager. Not every pager shows control characters as text.
    private func page(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let harmless = lines.map { Sanitizer.visible(String($0)) }.joined(separator: "\n")
        lend(.pager, to: harmless, mayFlash: true) { _ in }
    }

    /// Lets the person go on with the draft in their editor.
    private func edit(_ draft: String) {
        lend(.editor, to: draft) { file in dispatch(.draftEdited(try file.read())) }
    }

    /// Gives the terminal to a program. Replies go on arriving, and reach the disk, while the person is in there.
    ///
    /// - Parameter mayFlash: it may write and end at once, as `cat` does; then what it wrote stays until Enter.
    private func lend(
        _ program: ExternalProgram, to text: String, mayFlash: Bool = false,
        then body: (TemporaryTextFile) throws -> Void
    ) {
        guard let descriptor = TerminalGuard.terminal else { return }
        func meanwhile(_ signals: [Int32]) {
            for signal in signals { handle(signal) }
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

    /// Nobody has read anything and pressed a key in less than this.
    private static let flash = Duration.milliseconds(150)

    private func draw() {
        let began = Self.processorSeconds
        terminal.draw(view(state))
        let cost = Self.processorSeconds - began
        frame = (cost / Self.drawingShare).clamped(to: Self.frame...Self.longestFrame)
        lastDrawn = Date()
        restsUntil = isAnswer ? lastDrawn : lastDrawn + frame
        (needsDrawing, isAnswer) = (false, false)
    }

    /// What this thread has taken of a core so far.
    private static var processorSeconds: TimeInterval {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return TimeInterval(time.tv_sec) + TimeInterval(time.tv_nsec) / 1e9
    }

    /// Sleeps until a key, a signal or a posted event comes, or the next drawing or tick is due.
    private func wait() {
        let now = Date()
        let rests = now < restsUntil
        let due = [needsDrawing ? lastDrawn + pause : nil, rests ? restsUntil : nil, state.nextTick].compactMap(\.self)
            .min()
        let milliseconds = due.map { Int32(($0.timeIntervalSince(now) * 1000).rounded(.up).clamped(to: 0...60_000)) }
        // Where something is to be drawn soon, what else is posted until then is drawn with it, and signals are heard of
        // then: nobody wakes up for every token. (A descriptor below zero is passed over.)
        let posted = rests || needsDrawing && !isAnswer ? -1 : pipe.readEnd
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: posted, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, nfds_t(descriptors.count), milliseconds ?? -1)
        // The terminal is gone.
        if Int32(descriptors[0].revents) & (POLLHUP | POLLERR | POLLNVAL) != 0 { ending = .signal(SIGHUP) }
    }

    private func handle(_ key: Key) {
        if key == .control("z") { suspend() } else { dispatch(.key(key)) }
    }

    private func handle(_ signal: Int32) {
        switch signal {
        case SIGWINCH:
            terminal.resize()
            dispatch(.resize(terminal.size))
        case SIGTSTP: suspend()
        // Someone stopped and continued the program without asking it; the screen is not ours any more.
        case SIGCONT: terminal.suspend {}
        case _ where Self.endingSignals.contains(signal): ending = .signal(signal)
        // The end of a program that had the terminal, heard of late.
        default: break
        }
        needsDrawing = true
    }

    /// Gives the terminal back to the shell until the program is continued.
    private func suspend() {
        var signals: [Int32] = []
        terminal.suspend {
            signal(SIGTSTP, SIG_DFL)
            kill(0, SIGTSTP)
            // Another thread may be the one to take the signal, a little later; until then it has to find the default
            // action. A group without a shell that could continue it is not stopped at all.
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
