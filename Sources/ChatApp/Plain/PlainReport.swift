import Chat

/// What an event has changed, as text of plain mode: a function of the state before and after it.
enum PlainReport {
    static func changes(after event: AppEvent, from before: AppState, to after: AppState) -> [PlainText] {
        openedSession(before, after) + PlainReplyReport.changes(from: before, to: after) + pull(before, after)
            + notices(before, after) + display(before, after) + title(before, after) + attachments(before, after)
            + reasoning(before, after) + page(before, after) + matches(before, after) + draft(event, before, after)
            + edit(before, after) + branch(before, after)
    }

    // MARK: Sessions and models

    static func session(_ state: AppState) -> [PlainText] {
        let record = state.session.record
        let model = record.model.map { "Model: \(state.displayName(of: $0)). " } ?? ""
        let title = asSentence(record.title.isEmpty ? "new chat" : record.title)
        let count = Format.count(record.conversation.path.count, "message")
        return [.line("Session: \(title) \(model)\(count).")] + latestMessages(of: state)
    }

    private static func openedSession(_ before: AppState, _ after: AppState) -> [PlainText] {
        var pieces: [PlainText] = []
        if before.session.record.id != after.session.record.id { pieces += session(after) }
        if before.session.record.model == nil, let model = after.session.record.model {
            pieces.append(.line("Model: \(after.displayName(of: model))."))
        }
        if !before.library.hasListedModels, after.library.hasNoUsableModel {
            pieces += after.firstRunAdvice(key: "/download").map { .line($0) }
        }
        return pieces
    }

    /// A new title, unless it is the one that a session gets with its first message.
    private static func title(_ before: AppState, _ after: AppState) -> [PlainText] {
        let old = before.session.record, new = after.session.record
        guard old.id == new.id, old.title != new.title,
            old.conversation.messages.count == new.conversation.messages.count
        else { return [] }
        return [.line("The session is now called \(asSentence(new.title))")]
    }

    /// Seconds between two reports of a download's progress.
    private static let pullInterval = 5.0

    private static func pull(_ before: AppState, _ after: AppState) -> [PlainText] {
        guard let pull = after.library.pull else {
            let hasArrived = before.library.pull != nil && after.library.soughtModel != nil
            return hasArrived ? [.line("The model is ready.")] : []
        }
        func interval(_ state: AppState) -> Double {
            (state.instant.seconds(since: state.began) / pullInterval).rounded(.down)
        }
        guard before.library.pull?.isChecking != pull.isChecking || interval(before) != interval(after) else {
            return []
        }
        return [.line("\(pull.text(now: after.instant, separator: ", ").capitalizedFirst).")]
    }

    // MARK: Messages

    /// Characters of an earlier message that are printed.
    private static let longestMessage = 2000

    /// The last two messages of the shown branch.
    private static func latestMessages(of state: AppState) -> [PlainText] {
        state.session.record.conversation.path.suffix(2).map { message in
            let isLong = message.content.count > longestMessage
            let text =
                isLong ? "\(message.content.prefix(longestMessage)) … (/export writes all of it)" : message.content
            return .line("\(state.speaker(of: message)): \(text)")
        }
    }

    /// The end of another branch, if that is shown now.
    private static func branch(_ before: AppState, _ after: AppState) -> [PlainText] {
        let head = after.session.record.conversation.head
        guard before.session.record.id == after.session.record.id, before.session.reply == nil,
            after.session.reply == nil, head != nil, head != before.session.record.conversation.head
        else { return [] }
        return latestMessages(of: after)
    }

    /// The latest reasoning, if it was opened or folded; that of a running reply is printed with the reply.
    private static func reasoning(_ before: AppState, _ after: AppState) -> [PlainText] {
        let isUnchanged =
            before.screen.reasoning == after.screen.reasoning
            && before.session.reasoningExceptions == after.session.reasoningExceptions
        guard !isUnchanged, before.session.record.id == after.session.record.id, after.session.reply == nil,
            let message = after.session.record.conversation.path.last(where: { $0.reasoning != nil }),
            before.isReasoningOpen(in: message.id) != after.isReasoningOpen(in: message.id)
        else { return [] }
        let isOpen = after.isReasoningOpen(in: message.id)
        return [.line(isOpen ? "Reasoning: \(message.reasoning ?? "")" : "The reasoning is folded.")]
    }

    private static func matches(_ before: AppState, _ after: AppState) -> [PlainText] {
        guard let search = after.reading.search, before.reading.search?.field.text != search.field.text else {
            return []
        }
        guard let pattern = search.pattern else { return [.line("Usage: /find TEXT")] }
        var lines = ["\(Format.count(search.total, "match", plural: "matches")) for \"\(search.field.text)\""]
        for hit in search.hits {
            guard let message = after.session.record.conversation[hit.message] else { continue }
            let place = "Message \(hit.entry + 1), \(after.speaker(of: message))"
            let reasoning = hit.inReasoning > 0 ? message.reasoning ?? "" : ""
            for (text, place) in [(reasoning, "\(place), reasoning"), (message.content, place)] {
                let found = text.split(whereSeparator: \.isNewline).filter { !pattern.ranges(in: String($0)).isEmpty }
                lines += found.map { "\(place): \($0)" }
            }
        }
        if search.more > 0 { lines.append("\(search.more) more on other branches; /branch lists them.") }
        return lines.map { .line($0) }
    }

    // MARK: The draft

    private static func attachments(_ before: AppState, _ after: AppState) -> [PlainText] {
        after.composer.attachments.filter { !before.composer.attachments.contains($0) }.map { file in
            let tokens = file.tokens.map { ", \(Format.count($0, "token"))" } ?? ""
            return .line("Attached to the next message: \(file.name), \(ByteText.size(file.byteCount))\(tokens).")
        }
    }

    /// A draft from the last time that the session was open.
    private static func draft(_ event: AppEvent, _ before: AppState, _ after: AppState) -> [PlainText] {
        guard case .draftLoaded = event, before.composer.input.isEmpty, !after.composer.input.isEmpty,
            after.composer.edit == nil
        else { return [] }
        return [.line("Unsent draft, which /editor opens:\n\(after.composer.input.text)")]
    }

    private static func edit(_ before: AppState, _ after: AppState) -> [PlainText] {
        guard let edit = after.composer.edit, before.composer.edit?.message != edit.message else { return [] }
        return [
            .line("Current text:\n\(after.composer.input.text)"),
            .line("Type the new text, or press Enter to keep it."),
        ]
    }

    // MARK: The screen

    private static func notices(_ before: AppState, _ after: AppState) -> [PlainText] {
        let count = after.screen.notices.total - before.screen.notices.total
        return after.screen.notices.log.suffix(max(0, count)).map { .line("\($0.kind.plainName): \($0.text)") }
    }

    /// Says so if a command has changed only what the screen looks like.
    private static func display(_ before: AppState, _ after: AppState) -> [PlainText] {
        let isSame =
            before.screen.showsSource == after.screen.showsSource
            && before.screen.showsProbabilities == after.screen.showsProbabilities
            && before.screen.themeName == after.screen.themeName
            && before.screen.capturesMouse == after.screen.capturesMouse
        return isSame ? [] : [.line("Only visible in full-screen mode.")]
    }

    private static func page(_ before: AppState, _ after: AppState) -> [PlainText] {
        guard let plain = after.screen.plain, plain.count != before.screen.plain?.count else { return [] }
        switch plain.page {
        case nil: return []
        case .value(let row):
            let value = row.text(in: after.session.record.settings)
            return [.line("\(row.command) must be \(row.expectation). Current value: \(value).")]
        case .panel(let panel): return page(panel)
        }
    }

    private static func page(_ panel: PlainPanel) -> [PlainText] {
        let title = panel.title.map { PlainText.line("\($0):") }
        guard let choices = panel.choices else {
            return [title, panel.text.map { .line($0) }].compactMap(\.self)
        }
        if choices.isEmpty { return [.line(asSentence((panel.text ?? "Nothing to choose").capitalizedFirst))] }
        return [title].compactMap(\.self)
            + choices.enumerated().map { .line("\($0 + 1). \($1.line)") }
            + [.line("Type a number, or press Enter to skip.")]
    }

    /// With a full stop, unless the text ends like a sentence.
    private static func asSentence(_ text: String) -> String {
        text.last.map { ".!?…".contains($0) } == true ? text : text + "."
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
