import Replies
import Chat
import Foundation
import TUI

/// What changed in the state, and what a panel would show, as lines.
extension PlainChat {
    mutating func tellChanges(since before: AppState) {
        if before.session.record.id != state.session.record.id { tellSession() }
        if before.session.record.model == nil, let model = state.session.record.model {
            output.line("Model: \(state.displayName(of: model)).")
        }
        if !before.library.hasListedModels, state.library.hasNoUsableModel {
            state.firstRunAdvice(key: "/download").forEach { output.line($0) }
        }
        tellReply(since: before)
        tellDownload(since: before)
        tellNotices()
        tellLooks(since: before)
        tellTitle(since: before)
        tellAttachments(since: before)
        tellThoughts(since: before)
        tellPanel()
        if before.reading.search?.field.text != state.reading.search?.field.text { tellMatches() }
        if let edit = state.composer.edit, before.composer.edit?.message != edit.message {
            output.line("This message stands here:\n\(state.composer.input.text)")
            output.line("Type its new text, or an empty line to leave it.")
        } else if state.composer.edit == nil, state.composer.input.text.hasPrefix("/"),
            before.composer.input.text != state.composer.input.text
        {
            let name = CommandLine.split(state.composer.input.text).name
            if let command = CommandTable.command(named: name) { output.line("Usage: \(command.usage)") }
            state.composer.input = TextEditor()
        }
        if before.session.record.id == state.session.record.id, before.session.reply == nil, state.session.reply == nil,
            let head = state.session.record.conversation.head, head != before.session.record.conversation.head
        {
            tellMessages(2)
        }
    }

    private mutating func tellNotices() {
        let count = state.screen.notices.total
        for notice in state.screen.notices.log.suffix(max(0, count - toldNotices)) {
            output.line("\(notice.kind.plainName): \(notice.text)")
        }
        toldNotices = count
        // Told is seen: the same may be said again.
        state.screen.notices.dismissAll()
    }

    /// What a command has changed that only a screen shows.
    private mutating func tellLooks(since before: AppState) {
        let isSame =
            before.screen.showsSource == state.screen.showsSource
            && before.screen.showsProbabilities == state.screen.showsProbabilities
            && before.screen.themeName == state.screen.themeName
            && before.screen.capturesMouse == state.screen.capturesMouse
        if !isSame { output.line("That is seen on the full screen; here replies are plain text.") }
    }

    /// Another title, but for the one that a session gets by its first message.
    private mutating func tellTitle(since before: AppState) {
        let (old, new) = (before.session, state.session)
        if old.record.id == new.record.id, old.record.title != new.record.title,
            old.record.conversation.messages.count == new.record.conversation.messages.count
        {
            output.line("The session is called \(new.record.title.closed)")
        }
    }

    /// What goes with the next message.
    private mutating func tellAttachments(since before: AppState) {
        for file in state.composer.attachments where !before.composer.attachments.contains(file) {
            let tokens = file.tokens.map { ", \(Format.count($0, "token"))" } ?? ""
            output.line("Attached to the next message: \(file.name), \(Format.bytes(file.byteCount))\(tokens).")
        }
    }

    /// The latest thoughts, where they were opened or folded; those of a running reply are told with it.
    private mutating func tellThoughts(since before: AppState) {
        guard before.session.record.id == state.session.record.id, state.session.reply == nil,
            let message = state.session.record.conversation.path.last(where: { $0.reasoning != nil }),
            before.isReasoningOpen(in: message.id) != state.isReasoningOpen(in: message.id)
        else { return }
        let isShown = state.isReasoningOpen(in: message.id)
        output.line(isShown ? "Thoughts: \(message.reasoning ?? "")" : "Thoughts are folded.")
    }

    mutating func tellSession() {
        let session = state.session.record
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
        for message in state.session.record.conversation.path.suffix(count) {
            let isLong = message.content.count > Self.longest
            let text = isLong ? "\(message.content.prefix(Self.longest)) … (/export writes all of it)" : message.content
            output.line("\(state.speaker(of: message)): \(text)")
        }
    }

    /// Prints the open panel and closes it. A list waits until what it lists has been read.
    private mutating func tellPanel() {
        guard let panel = state.screen.panels.top else { return }
        if panel is ListPanel, panel.kind != .help {
            awaitsList = true
            return
        }
        guard let lines = panel.plainLines(state) else { return }
        state.screen.panels.removeAll()
        print(lines)
    }

    mutating func print(_ panel: PlainPanel) {
        guard let choices = panel.choices else {
            let lines = [panel.title.map { "\($0):" }, panel.text].compactMap(\.self)
            return output.line(lines.joined(separator: "\n"))
        }
        let title = panel.title ?? ""
        if choices.isEmpty { return output.line("\((panel.text ?? "\(title): none yet").closed)") }
        output.line("\(title):")
        for (number, choice) in choices.enumerated() { output.line("\(number + 1). \(choice.line)") }
        output.line("Type a number to choose, an empty line to go on.")
        question = .choice(choices)
    }

    /// What an event brings to a list that waits for it.
    mutating func follow(_ event: AppEvent) {
        switch event {
        // There is no line that it could stand in, to be gone on with.
        case .draftLoaded:
            if !state.composer.input.isEmpty {
                output.line("What was being written last time:\n\(state.composer.input.text)")
            }
        case .sessionLoaded: awaited.remove(.session)
        case .modelsLoaded, .modelsFailed: awaited.remove(.models)
        case .document: awaited.remove(.document)
        case .sessionsListed: awaited.subtract([.sessions, .task])
        case .sessionsFound: awaited.remove(.search)
        case .themesLoaded: awaited.remove(.themes)
        case .fileRead: awaited.remove(.file)
        case .notice(let notice): if notice.kind == .error { awaited = [] } else { awaited.remove(.task) }
        default: break
        }
    }

    mutating func tellListWhenReady() {
        guard awaitsList, awaited.isEmpty, var list = state.screen.panels.top as? ListPanel else { return }
        list.reload(state)
        awaitsList = false
        state.screen.panels.removeAll()
        if let lines = list.plainLines(state) { print(lines) }
    }

    mutating func expectAnswers(to effects: [Effect]) {
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
        guard let search = state.reading.search else { return }
        guard let pattern = search.pattern else { return output.line("Usage: /find TEXT") }
        let conversation = state.session.record.conversation
        output.line("\(search.total == 1 ? "1 match" : "\(search.total) matches") for \(search.field.text)")
        for hit in search.hits {
            guard let message = conversation[hit.message] else { continue }
            let place = "Message \(hit.entry + 1), \(state.speaker(of: message))"
            let parts = [
                (hit.inReasoning > 0 ? message.reasoning ?? "" : "", "\(place), thoughts"), (message.content, place),
            ]
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
