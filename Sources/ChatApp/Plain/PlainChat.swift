import Chat
import Foundation
import TUI

/// The chat without a screen, for screen readers, dumb terminals, logs and pipes: lines go in, text comes out that is
/// appended to what was there. State and behaviour are the full screen's; what changed in the state is told here.
public struct PlainChat: Sendable {
    public internal(set) var state: AppState
    private var input = PlainInput()
    var question: PlainQuestion?
    var output = PlainOutput()
    /// How much of the running reply was told.
    var telling: Telling?
    /// A list is shown once what it lists has been read.
    var awaitsList = false
    /// Answers of the runtime that are still to come.
    var awaited: Set<Answer> = []
    var toldNotices = 0
    var lastDownloadProgress: Date?

    enum Answer { case session, models, document, sessions, search, themes, file, task }

    /// - Parameter state: of any size; nothing is laid out.
    public init(_ state: AppState) {
        self.state = state
    }

    /// Whether a reply is being written or an answer is to come, so that a line that is no command has to wait.
    public var isBusy: Bool {
        if state.screen.panels.top?.kind == .tokens { return true }
        return state.isWorking || !awaited.isEmpty || !state.library.hasListedModels
    }

    /// What asks for the next line.
    public var prompt: String {
        if input.isOpen { return "... " }
        return switch question {
        case .choice: "Number: "
        case .value(let row): "New value for \(row.command): "
        case nil: state.composer.edit == nil ? "You: " : "New text: "
        }
    }

    public mutating func takeOutput() -> String { output.take() }

    /// Says what was opened.
    public mutating func begin() {
        output.line("Sotto, plain mode. \(PlainHelp.greeting)")
        tellSession()
    }

    // MARK: Events

    public mutating func receive(_ event: AppEvent, now: Date) -> [Effect] {
        let before = state
        let effects = update(&state, event, now: now)
        tellChanges(since: before)
        follow(event)
        expectAnswers(to: effects)
        tellListWhenReady()
        return effects
    }

    /// Ctrl-C: stops the reply, gives up what has begun, or leaves.
    public mutating func interrupt(now: Date) -> [Effect] {
        output.endLine()
        if input.isOpen || question != nil || state.composer.edit != nil {
            input.cancel()
            question = nil
            return state.composer.edit == nil ? [] : receive(.key(.escape), now: now)
        }
        return receive(.key(.control("c")), now: now)
    }

    /// No more lines will come.
    public mutating func leave(now: Date) -> [Effect] {
        state.composer.input = TextEditor()
        return receive(.key(.control("d")), now: now)
    }

    // MARK: Lines

    /// Whether a line has to wait until the chat is idle: all but commands do, which may stop a reply or change it. While
    /// another session is being opened, commands wait too: they are meant for that one.
    public func hasToWait(_ line: String) -> Bool {
        isBusy && !(line.hasPrefix("/") && !line.hasPrefix("//") && !input.isOpen && !awaited.contains(.session))
    }

    public mutating func enter(_ line: String, now: Date) -> [Effect] {
        guard let text = input.take(line) else { return [] }
        return submit(text, now: now)
    }

    /// A text of any lines as one to enter, as it was written in an editor.
    public static func line(of text: String) -> String { PlainInput.quoted(text) }

    /// The end of the input ends a message too.
    public mutating func enterRest(now: Date) -> [Effect] {
        input.finish().map { submit($0, now: now) } ?? []
    }

    private mutating func submit(_ text: String, now: Date) -> [Effect] {
        let asked = question
        question = nil
        let isBlank = text.allSatisfy(\.isWhitespace)
        switch asked {
        case .choice(let items):
            if isBlank { return [] }
            if let number = Int(text[...].trimmed) {
                guard items.indices.contains(number - 1) else {
                    output.line("There are the numbers 1 to \(items.count).")
                    question = asked
                    return []
                }
                return choose(items[number - 1], now: now)
            }
            if let named = items.first(where: { $0.isCalled(text[...].trimmed) }) { return choose(named, now: now) }
        case .value(let row):
            return isBlank ? [] : type("/set \(row.command) \(text)", now: now)
        case nil: break
        }
        if state.composer.edit != nil, isBlank {
            output.line("The message stays as it is.")
            return receive(.key(.escape), now: now)
        }
        if state.composer.edit != nil, text.hasPrefix("//") { return type(String(text.dropFirst()), now: now) }
        // The full screen has keys for what else one may want while a message is edited.
        if state.composer.edit != nil, text.hasPrefix("/"),
            let command = CommandTable.command(named: CommandLine.split(text).name)
        {
            return change(now: now) { command.name == "editor" ? [.editDraft($0.composer.input.text)] : $0.run(text) }
        }
        return type(text, now: now)
    }

    /// As if it were typed into the input.
    private mutating func type(_ text: String, now: Date) -> [Effect] {
        state.screen.panels.removeAll()
        awaitsList = false
        state.deselect()
        state.composer.input = TextEditor(text)
        return receive(.key(.enter), now: now)
    }

    private mutating func choose(_ choice: PlainChoice, now: Date) -> [Effect] {
        switch choice.result {
        case .choose(let choice): return change(now: now) { $0.choose(choice) }
        case .refuse(let reason): output.line(reason)
        case .change(let row):
            output.line("\(row.command) is \(row.expectation). Now: \(row.text(in: state.session.record.settings)).")
            question = .value(row)
        case .ask(let panel): print(panel(state))
        }
        return []
    }

    private mutating func change(now: Date, _ body: (inout AppState) -> [Effect]) -> [Effect] {
        let before = state
        state.now = now
        let effects = body(&state) + update(&state, .tick, now: now)
        tellChanges(since: before)
        expectAnswers(to: effects)
        tellListWhenReady()
        return effects
    }
}
