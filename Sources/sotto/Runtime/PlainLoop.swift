import ChatApp
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The chat's thread without a screen: lines from standard input go in, text is appended to standard output. On a
/// terminal, in a pipe and in a file alike; the terminal's own settings stay as they are.
final class PlainLoop {
    private static let endingSignals = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]

    private var chat: PlainChat
    private let pipe: WakePipe
    private let mailbox: Mailbox
    private let runner: EffectRunner
    private var reader = LineReader()
    /// Lines that wait until the chat is idle.
    private var waiting: [String] = []
    private var ending: ChatLoop.Ending?
    private let isInteractive = StandardInput.isTerminal
    /// What asks for a line stands at the end of the output.
    private var isAsking = false

    init(state: AppState, pipe: WakePipe, mailbox: Mailbox, runner: EffectRunner) {
        chat = PlainChat(state)
        self.pipe = pipe
        self.mailbox = mailbox
        self.runner = runner
    }

    /// Runs until the person leaves, the input ends and everything is answered, or the system ends the chat.
    func run() -> ChatLoop.Ending {
        pipe.take(Self.endingSignals)
        chat.begin()
        while true {
            work()
            show()
            if let ending {
                perform(chat.receive(.ending, now: Date()))
                return ending
            }
            wait()
            for signal in pipe.drainSignals() { handle(signal) }
            for event in mailbox.drain() { perform(chat.receive(event, now: Date())) }
            if let tick = chat.state.nextTick, Date() >= tick { perform(chat.receive(.tick, now: Date())) }
        }
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .quit: ending = ending ?? .quit
            case .copy(let text):
                if let program = ClipboardProgram() { program.copy(text) } else { write("\(text)\n") }
            case .page(let text): write("\(text)\n")
            case .editDraft(let draft): edit(draft)
            default: runner.start(effect)
            }
        }
    }

    /// Lets the person write a message in their editor. What comes of it waits its turn as a line does.
    private func edit(_ draft: String) {
        guard isInteractive else { return tell("an editor needs a terminal; type the message here") }
        show()
        do {
            try TemporaryTextFile.with(draft) { file in
                try ExternalProgram.editor.run(on: file.path, terminal: STDIN_FILENO, waking: pipe) { signals in
                    for signal in signals { handle(signal) }
                    for event in mailbox.drain() where ending == nil { perform(chat.receive(event, now: Date())) }
                }
                let text = try file.read()
                if text.allSatisfy(\.isWhitespace) { return tell("nothing was written") }
                write(StandardOutput.presentable("\(chat.prompt)\(text)\n"))
                waiting.insert(PlainChat.line(of: text), at: 0)
            }
        } catch {
            tell("\(error)")
        }
    }

    private func tell(_ text: String) { perform(chat.receive(.notice(Notice(.warning, text)), now: Date())) }

    /// Takes up the lines that need not wait. In a pipe each one waits for what the one before it began.
    private func work() {
        while ending == nil, let line = waiting.first {
            guard isInteractive ? !chat.hasToWait(line) : !chat.isBusy else { return }
            waiting.removeFirst()
            if !isInteractive { show("\(chat.prompt)\(line)\n") }
            isAsking = false
            perform(chat.enter(line, now: Date()))
            show()
        }
        guard reader.isAtEnd, ending == nil, !chat.isBusy else { return }
        perform(chat.enterRest(now: Date()))
        if !chat.isBusy { perform(chat.leave(now: Date())) }
    }

    // MARK: Output

    /// Appends what the chat has to say, and where a person is to type asks for it.
    private func show(_ line: String? = nil) {
        let output = chat.takeOutput()
        if !output.isEmpty {
            write(isAsking ? "\n\(output)" : output)
            isAsking = false
        }
        if let line { write(line) }
        guard line == nil, isInteractive, !isAsking, !chat.isBusy, waiting.isEmpty, ending == nil else { return }
        write(chat.prompt)
        isAsking = true
    }

    private func write(_ text: String) {
        // Nobody reads any more.
        do { try StandardOutput.write(text) } catch { ending = .signal(SIGPIPE) }
    }

    // MARK: Input

    private func wait() {
        let due = chat.state.nextTick.map { Int32(min(60_000, max(0, $0.timeIntervalSinceNow * 1000)).rounded(.up)) }
        // A descriptor below zero is passed over.
        let input = reader.isAtEnd || waiting.count > LineReader.ahead ? -1 : STDIN_FILENO
        var descriptors = [
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, nfds_t(descriptors.count), due ?? -1)
        if descriptors[0].revents != 0 { waiting += reader.read() }
    }

    private func handle(_ signal: Int32) {
        guard signal == SIGINT, isInteractive || chat.isBusy else {
            ending = .signal(signal)
            return
        }
        waiting = []
        // The terminal has shown ^C.
        if isInteractive { write("\n") }
        isAsking = false
        perform(chat.interrupt(now: Date()))
    }
}

/// Standard input as lines.
struct LineReader {
    /// Lines that are read ahead of their use.
    static let ahead = 1000
    /// A line beyond this many bytes is taken as several.
    private static let limit = 16 << 20

    private(set) var isAtEnd = false
    private var bytes: [UInt8] = []

    /// The lines that are whole now; waits where there is nothing to read.
    mutating func read() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
        if count > 0 {
            bytes += buffer[..<count]
        } else if count == 0 || errno != EINTR && errno != EAGAIN {
            isAtEnd = true
        }
        var lines: [String] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Self.text(bytes[start..<end]))
            start = end + 1
        }
        bytes.removeFirst(start)
        if bytes.count > Self.limit || isAtEnd && !bytes.isEmpty {
            lines.append(Self.text(bytes[...]))
            bytes = []
        }
        return lines
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
    }
}
