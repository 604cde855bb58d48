/// The chat without a screen, for screen readers, dumb terminals, logs and pipes: lines go in, and text comes out that is
/// appended to what was printed before.
///
/// It turns a line into the events that a user of the screen would cause, and what an event has changed in the state
/// into text. It keeps nothing but the lines of an unfinished message and where the output ended; the state is the
/// caller's, and only `update` changes it.
public struct PlainChat: Sendable {
    private var input = PlainInput()
    private var output = PlainOutput()

    public init() {}

    // MARK: Input

    /// The prompt for the next line.
    public func prompt(in state: AppState) -> String { input.isUnfinished ? "... " : PlainEvents.prompt(in: state) }

    /// Whether a line has to wait until the chat is idle. Commands do not, since they can stop a reply or change it; but
    /// they wait for a session that is being opened, since they are meant for that session.
    public func hasToWait(_ line: String, in state: AppState) -> Bool {
        state.isBusy && (input.isUnfinished || !SlashCommandLine.isCommand(line) || state.awaited.contains(.session))
    }

    /// The events of a line; none if the message goes on in the next line.
    public mutating func events(for line: String, in state: AppState) -> [AppEvent] {
        input.add(line).map { PlainEvents.events(for: $0, in: state) } ?? []
    }

    /// The events at the end of the input, which also ends an unfinished message.
    public mutating func eventsAtEnd(in state: AppState) -> [AppEvent] {
        if let message = input.finish() { return PlainEvents.events(for: message, in: state) }
        return PlainEvents.eventsToQuit(in: state)
    }

    /// The events of Ctrl-C: it cancels what is being entered, else stops the reply, else quits.
    public mutating func interruptEvents(in state: AppState) -> [AppEvent] {
        if input.isUnfinished {
            input.cancel()
            return []
        }
        return PlainEvents.interruptEvents(in: state)
    }

    /// A text of several lines as a single line to enter.
    public static func line(of text: String) -> String { PlainInput.quoted(text) }

    // MARK: Output

    /// What is printed first.
    public mutating func greeting(for state: AppState) -> String {
        output.add([.line("Sotto, plain mode. \(PlainHelp.greeting)")] + PlainReport.session(state))
        return output.take()
    }

    /// What is printed after an event.
    public mutating func text(after event: AppEvent, from before: AppState, to after: AppState) -> String {
        output.add(PlainReport.changes(after: event, from: before, to: after))
        return output.take()
    }

    /// A line break if the output ends in the middle of a line.
    public mutating func endLine() -> String {
        output.endLine()
        return output.take()
    }
}
