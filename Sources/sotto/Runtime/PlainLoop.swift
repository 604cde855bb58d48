import ChatApp
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The chat's thread without a screen: lines come from standard input, and text is appended to standard output, be it a
/// terminal, a pipe or a file. The terminal's settings stay as they are.
final class PlainLoop {
    private static let endingSignals = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]

    private var state: AppState
    private var chat = PlainChat()
    private let pipe: WakePipe
    private let mailbox: Mailbox
    private let runner: EffectRunner
    private var reader: LineReader
    /// Lines that have been read and not been entered yet.
    private var waitingLines: [String] = []
    private var ending: ChatLoop.Ending?
    private let isInteractive = StandardInput.isTerminal
    /// Output that has not been written yet.
    private var output = ""
    /// Whether the output ends with the prompt.
    private var isPrompting = false

    init(state: AppState, pipe: WakePipe, mailbox: Mailbox, runner: EffectRunner) {
        self.state = state
        self.pipe = pipe
        self.mailbox = mailbox
        self.runner = runner
        reader = LineReader(isTerminal: isInteractive)
    }

    /// The session that the chat ended with; nil if it has no message and so no file.
    var savedSession: String? { state.session.record.isWorthSaving ? state.session.record.id : nil }

    /// Runs until the user quits, until the input ends and everything is answered, or until a signal ends the chat.
    func run() -> ChatLoop.Ending {
        pipe.take(Self.endingSignals)
        output += chat.greeting(for: state)
        while true {
            enterLines()
            writeOutput()
            if let ending {
                dispatch(.ending)
                return ending
            }
            wait()
            for signal in pipe.drainSignals() { handle(signal) }
            for event in mailbox.drain() { dispatch(event) }
            if let tick = state.nextTick, ContinuousClock.now >= tick { dispatch(.tick) }
        }
    }

    private func dispatch(_ event: AppEvent) {
        let before = state
        let effects = update(&state, event, now: Date(), instant: .now)
        output += chat.text(after: event, from: before, to: state)
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .quit: ending = ending ?? .quit
        case .copy(let text, let name): copy(text, name)
        case .page(let text): write("\(text)\n")
        case .editDraft(let draft): editInProgram(draft)
        default: runner.start(effect)
        }
    }

    /// Copies with a program, since there is no screen's terminal to ask; without one, the text is printed.
    private func copy(_ text: String, _ name: String) {
        let programs = ClipboardProgram.all()
        if programs.isEmpty {
            write("\(text)\n")
            mailbox.post(.copied(CopyReport(name: name, characters: text.count, targets: [.output])))
            return
        }
        ClipboardProgram.copy(text, name: name, with: programs, others: []) { [mailbox] report in
            mailbox.post(.copied(report))
        }
    }

    /// Opens a message in the user's editor. The result waits for its turn, like any line.
    private func editInProgram(_ draft: String) {
        guard isInteractive else { return warn("An editor needs a terminal. Type the message here instead") }
        writeOutput()
        do {
            try TemporaryTextFile.with(draft) { file in
                try ExternalProgram.editor.run(on: file.path, terminal: STDIN_FILENO, waking: pipe) { signals in
                    for signal in signals { handle(signal) }
                    for event in mailbox.drain() where ending == nil { dispatch(event) }
                }
                let text = try file.read()
                if text.allSatisfy(\.isWhitespace) { return warn("Nothing was written") }
                write(StandardOutput.presentable("\(chat.prompt(in: state))\(text)\n"))
                waitingLines.insert(PlainChat.line(of: text), at: 0)
            }
        } catch {
            warn("\(error)")
        }
    }

    private func warn(_ text: String) { dispatch(.notice(Notice(.warning, text))) }

    /// Enters the lines that need not wait. In a pipe each line waits until the one before it is answered.
    private func enterLines() {
        while ending == nil, let line = waitingLines.first {
            guard isInteractive ? !chat.hasToWait(line, in: state) : !state.isBusy else { return }
            waitingLines.removeFirst()
            if !isInteractive {
                writeOutput()
                write("\(chat.prompt(in: state))\(line)\n")
            }
            isPrompting = false
            chat.events(for: line, in: state).forEach(dispatch)
            writeOutput()
        }
        if reader.isAtEnd, ending == nil, !state.isBusy { chat.eventsAtEnd(in: state).forEach(dispatch) }
    }

    // MARK: Output

    /// Writes what the chat has to say, and the prompt if it is the user's turn.
    private func writeOutput() {
        if !output.isEmpty {
            write(isPrompting ? "\n\(output)" : output)
            output = ""
            isPrompting = false
        }
        guard isInteractive, !isPrompting, !state.isBusy, waitingLines.isEmpty, ending == nil else { return }
        write(chat.prompt(in: state))
        isPrompting = true
    }

    private func write(_ text: String) {
        // Nobody reads any more.
        do { try StandardOutput.write(text) } catch { ending = .signal(SIGPIPE) }
    }

    // MARK: Input

    private func wait() {
        let due = state.nextTick.map { PollTime.milliseconds(until: $0) }
        // `poll` ignores a negative descriptor.
        let input = reader.isAtEnd || waitingLines.count > LineReader.limitAhead ? -1 : STDIN_FILENO
        var descriptors = [
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, nfds_t(descriptors.count), due ?? -1)
        guard descriptors[0].revents != 0 else { return }
        for line in reader.read() {
            switch line {
            case .success(let text): waitingLines.append(text)
            case .failure(let refusal): warn("\(refusal)")
            }
        }
    }

    private func handle(_ signal: Int32) {
        guard signal == SIGINT, isInteractive || state.isBusy else {
            ending = .signal(signal)
            return
        }
        waitingLines = []
        let lineEnd = chat.endLine()
        // A terminal has printed ^C.
        write(isInteractive ? "\n" : lineEnd)
        isPrompting = false
        chat.interruptEvents(in: state).forEach(dispatch)
    }
}
