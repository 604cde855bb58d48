import Chat
import Foundation
import TUI

/// The chat without a screen, for screen readers, dumb terminals, logs and pipes: lines go in, text comes out that is
/// appended to what was there. State and behaviour are the full screen's; what changed in the state is told here.
public struct PlainChat: Sendable {
    public private(set) var state: AppState
    private var input = PlainInput()
    private var question: PlainQuestion?
    var output = PlainOutput()
    /// How much of the running reply was told.
    var telling: Telling?
    /// A list is shown once what it lists has been read.
    private var awaitsList = false
    /// Answers of the runtime that are still to come.
    private var awaited: Set<Answer> = []
    private var toldNotices = 0
    var lastDownloadProgress: Date?

    private enum Answer { case session, models, document, sessions, search, themes, file, task }

    /// - Parameter state: of any size; nothing is laid out.
    public init(_ state: AppState) {
        self.state = state
    }

    /// Whether a reply is being written or an answer is to come, so that a line that is no command has to wait.
    public var isBusy: Bool {
        if case .tokens = state.panel { return true }
        return state.isWorking || !awaited.isEmpty || !state.hasListedModels
    }

    /// What asks for the next line.
    public var prompt: String {
        if input.isOpen { return "... " }
        return switch question {
        case .choice: "Number: "
        case .value(let row): "New value for \(row.command): "
        case nil: state.edit == nil ? "You: " : "New text: "
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
        if input.isOpen || question != nil || state.edit != nil {
            input.cancel()
            question = nil
            return state.edit == nil ? [] : receive(.key(.escape), now: now)
        }
        return receive(.key(.control("c")), now: now)
    }

    /// No more lines will come.
    public mutating func leave(now: Date) -> [Effect] {
        state.input = TextEditor()
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
        case .value(let row):
            return isBlank ? [] : type("/set \(row.command) \(text)", now: now)
        case nil: break
        }
        if state.edit != nil, isBlank {
            output.line("The message stays as it is.")
            return receive(.key(.escape), now: now)
        }
        // While a message is edited all else is its text.
        if state.edit != nil, CommandTable.command(named: CommandLine.split(text).name)?.name == "editor", text.hasPrefix("/") {
            return change(now: now) { [.editDraft($0.input.text)] }
        }
        return type(text, now: now)
    }

    /// As if it were typed into the input.
    private mutating func type(_ text: String, now: Date) -> [Effect] {
        (state.panel, awaitsList) = (nil, false)
        state.deselect()
        state.input = TextEditor(text)
        return receive(.key(.enter), now: now)
    }

    private mutating func choose(_ item: PlainQuestion.Item, now: Date) -> [Effect] {
        switch item {
        case .setting(let row):
            output.line("\(row.command) is \(row.expectation). Now: \(row.text(in: state.session.settings)).")
            question = .value(row)
            return []
        case .entry(let entry):
            if let problem = entry.problem {
                output.line("\(entry.title) cannot be chosen: \(problem)")
                return []
            }
            return change(now: now) { $0.choose(entry.choice) }
        case .message(let id): return change(now: now) { $0.showBranch(through: id) }
        }
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

    // MARK: Telling

    private mutating func tellChanges(since before: AppState) {
        if before.session.id != state.session.id { tellSession() }
        if before.session.model == nil, let model = state.session.model { output.line("Model: \(state.displayName(of: model)).") }
        if !before.hasListedModels, state.isWithoutModel { state.firstRunAdvice(key: "/download").forEach { output.line($0) } }
        tellReply(since: before)
        tellDownload(since: before)
        tellNotices()
        tellLooks(since: before)
        tellPanel()
        if before.search?.field.text != state.search?.field.text { tellMatches() }
        if let edit = state.edit, before.edit?.message != edit.message {
            output.line("This message stands here:\n\(state.input.text)")
            output.line("Type its new text, or an empty line to leave it.")
        } else if state.edit == nil, state.input.text.hasPrefix("/"), before.input.text != state.input.text {
            let name = CommandLine.split(state.input.text).name
            if let command = CommandTable.command(named: name) { output.line("Usage: \(command.usage)") }
            state.input = TextEditor()
        }
        if before.session.id == state.session.id, before.reply == nil, state.reply == nil,
            let head = state.session.conversation.head, head != before.session.conversation.head
        {
            tellMessages(2)
        }
    }

    private mutating func tellNotices() {
        let count = state.notices.total
        for notice in state.notices.log.suffix(max(0, count - toldNotices)) {
            output.line("\(notice.kind.plainName): \(notice.text)")
        }
        toldNotices = count
        // Told is seen: the same may be said again.
        state.notices.dismissAll()
    }

    /// What a command has changed that only a screen shows.
    private mutating func tellLooks(since before: AppState) {
        let isSame = before.showsSource == state.showsSource && before.showsProbabilities == state.showsProbabilities
            && before.themeName == state.themeName && before.capturesMouse == state.capturesMouse
        if !isSame { output.line("That is seen on the full screen; here replies are plain text.") }
    }

    private mutating func tellSession() {
        let session = state.session
        let model = session.model.map { "Model: \(state.displayName(of: $0)). " } ?? ""
        output.line(
            "Session: \((session.title.isEmpty ? "new chat" : session.title).closed) \(model)"
                + "\(Format.count(session.conversation.path.count, "message")).")
        tellMessages(2)
    }

    /// Characters of an earlier message that are told again.
    private static let longest = 2000

    /// The last messages of the shown branch.
    private mutating func tellMessages(_ count: Int) {
        for message in state.session.conversation.path.suffix(count) {
            let isLong = message.content.count > Self.longest
            let text = isLong ? "\(message.content.prefix(Self.longest)) … (/export writes all of it)" : message.content
            output.line("\(state.speaker(of: message)): \(text)")
        }
    }

    /// Takes what a panel would show as a text or a numbered list.
    private mutating func tellPanel() {
        switch state.panel {
        case nil: return
        case .list(let list):
            if list.source.kind == .help {
                output.line(PlainHelp.text)
            } else {
                // A search is told when its answer has come.
                awaitsList = true
                return
            }
        case .text(let text): output.line("\(text.title):\n\(text.text)")
        case .sampling:
            ask("Settings", SettingTable.rows.map { (state.plainLine($0), .setting($0)) })
        case .tree:
            let conversation = state.session.conversation
            let rows = ConversationTree(conversation).rows.compactMap { row in
                conversation[row.id].map { (state.plainLine($0, isShown: row.isShown), PlainQuestion.Item.message(row.id)) }
            }
            ask("Messages of all branches", rows)
        case .tokens(let panel):
            if let entry = state.tokens[panel.message], entry.tokens.isEmpty == false {
                output.line("Tokens of the reply, with their probabilities and what else could have stood there:")
                for token in entry.tokens { output.line(Self.plainLine(token)) }
            } else if let problem = panel.problem {
                output.line(problem.sentence)
            } else {
                // The model is reading it.
                return
            }
        case .compare(let comparison): tell(comparison)
        }
        state.panel = nil
    }

    /// One side after the other.
    private mutating func tell(_ comparison: ComparePanel) {
        for side in comparison.sides {
            let siblings = state.session.conversation.siblings(of: side.first)
            let place = siblings.firstIndex { $0.id == side.first } ?? 0
            output.line("Alternative \(place + 1) of \(siblings.count):")
            for message in state.branch(from: side.first).compactMap({ state.session.conversation[$0] }) {
                output.line("\(state.speaker(of: message)): \(message.content)")
            }
        }
        output.line("/branch lists all branches and goes to one.")
    }

    private static func plainLine(_ token: ReplyToken) -> String {
        func text(_ choice: TokenChoice) -> String {
            "\(String(decoding: choice.bytes, as: UTF8.self).debugDescription) \(Format.number(Double(choice.before) * 100)) %"
        }
        let others = token.alternatives.filter { $0.id != token.chosen.id }.prefix(3).map(text)
        return others.isEmpty ? text(token.chosen) : "\(text(token.chosen)); else \(others.joined(separator: ", "))"
    }

    /// What an event brings to a list that waits for it.
    private mutating func follow(_ event: AppEvent) {
        switch event {
        // There is no line that it could stand in, to be gone on with.
        case .draftLoaded: if !state.input.isEmpty { output.line("What was being written last time:\n\(state.input.text)") }
        case .sessionLoaded: awaited.remove(.session)
        case .modelsLoaded: awaited.remove(.models)
        case .document: awaited.remove(.document)
        case .sessionsListed: awaited.subtract([.sessions, .task])
        case .sessionsFound: awaited.remove(.search)
        case .themesLoaded: awaited.remove(.themes)
        case .fileRead: awaited.remove(.file)
        case .notice(let notice): if notice.kind == .error { awaited = [] } else { awaited.remove(.task) }
        default: break
        }
    }

    private mutating func tellListWhenReady() {
        guard awaitsList, awaited.isEmpty, case .list(var list) = state.panel else { return }
        list.refresh(state)
        awaitsList = false
        state.panel = nil
        let items = list.entries.map { (AppState.plainLine($0), PlainQuestion.Item.entry($0)) }
        if items.isEmpty { output.line(list.filter.isEmpty ? list.source.empty.sentence : "Nothing matches.") }
        ask(list.source.title, items)
    }

    private mutating func ask(_ title: String, _ items: [(line: String, item: PlainQuestion.Item)]) {
        guard !items.isEmpty else { return }
        output.line("\(title):")
        for (number, item) in items.enumerated() { output.line("\(number + 1). \(item.line)") }
        output.line("Type a number to choose, an empty line to go on.")
        question = .choice(items.map(\.item))
    }

    private mutating func expectAnswers(to effects: [Effect]) {
        for effect in effects {
            if effect.opensSession { awaited.insert(.session) }
            switch effect {
            case .newSession: awaited.insert(.session)
            case .listModels: awaited.insert(.models)
            case .listSessions, .deleteSession: awaited.insert(.sessions)
            case .session(.search): awaited.insert(.search)
            case .session(.preview): break
            case .session: awaited.insert(.task)
            case .loadThemes: awaited.insert(.themes)
            case .readFile: awaited.insert(.file)
            case .describe: awaited.insert(.document)
            default: break
            }
        }
    }

    private mutating func tellMatches() {
        defer { state.deselect() }
        guard let search = state.search else { return }
        guard let pattern = search.pattern else { return output.line("Usage: /find TEXT") }
        let conversation = state.session.conversation
        output.line("\(search.total == 1 ? "1 match" : "\(search.total) matches") for \(search.field.text)")
        for hit in search.hits {
            guard let message = conversation[hit.message] else { continue }
            let place = "Message \(hit.entry + 1), \(state.speaker(of: message))"
            let parts = [(hit.inThoughts > 0 ? message.reasoning ?? "" : "", "\(place), thoughts"), (message.content, place)]
            for (text, place) in parts {
                for line in text.split(whereSeparator: \.isNewline) where !pattern.ranges(in: String(line)).isEmpty {
                    output.line("\(place): \(line)")
                }
            }
        }
        if search.more > 0 { output.line("\(search.more) more on other branches; /branch lists them.") }
    }
}

extension Notice.Kind {
    fileprivate var plainName: String {
        switch self {
        case .info: "Note"
        case .warning: "Warning"
        case .error: "Error"
        }
    }
}

extension String {
    /// With a capital at its beginning.
    var sentence: String { prefix(1).uppercased() + dropFirst() }

    /// With a mark at its end that closes a sentence.
    var closed: String { last.map { ".!?…".contains($0) } == true ? self : self + "." }
}
