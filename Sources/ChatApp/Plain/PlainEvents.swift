import Chat

/// What a line of input means, as events: the same ones that a user of the screen would cause.
enum PlainEvents {
    static func prompt(in state: AppState) -> String {
        switch state.screen.plain?.page {
        case .value(let row): "New value for \(row.command): "
        case .panel(let panel) where panel.choices?.isEmpty == false: "Number: "
        default: state.composer.edit == nil ? "You: " : "New text: "
        }
    }

    static func events(for text: String, in state: AppState) -> [AppEvent] {
        let isBlank = text.allSatisfy(\.isWhitespace)
        let isCommand = isCommand(text, in: state)
        switch state.screen.plain?.page {
        case .panel(let panel) where panel.choices?.isEmpty == false:
            if isBlank { return [.returnToInput] }
            if let events = choice(text, of: panel) { return events }
        case .value(let row) where !isCommand:
            return [.returnToInput] + (isBlank ? [] : [.command("/set \(row.command) \(text)")])
        default: break
        }
        if isCommand { return [.returnToInput, .command(text)] }
        if state.composer.edit != nil { return eventsToEdit(text, isBlank: isBlank) }
        guard isBlank else { return [.returnToInput, .draftEdited(text), .key(.enter)] }
        // Enter alone must not send a draft from last time; but one that was held back once may go now.
        let isSendable = state.composer.input.isEmpty || !state.composer.draft.reportedMissing.isEmpty
        return isSendable ? [.returnToInput, .key(.enter)] : []
    }

    static func eventsToQuit(in state: AppState) -> [AppEvent] {
        [.returnToInput] + (state.composer.edit == nil ? [] : [.key(.escape)]) + [.endOfInput]
    }

    static func interruptEvents(in state: AppState) -> [AppEvent] {
        if state.screen.plain?.isAsking == true { return [.returnToInput] }
        return [.returnToInput, .key(state.composer.edit == nil ? .control("c") : .escape)]
    }

    /// The events of a number, or of the name of a choice; nil if the text is neither.
    private static func choice(_ text: String, of panel: PlainPanel) -> [AppEvent]? {
        let choices = panel.choices ?? []
        let word = text[...].trimmed
        if let number = Int(word) {
            guard choices.indices.contains(number - 1) else {
                return [.notice(Notice(.info, "Choose a number from 1 to \(choices.count)"))]
            }
            return [.choose(number - 1)]
        }
        return choices.firstIndex { $0.isCalled(word) }.map { [.choose($0)] }
    }

    private static func eventsToEdit(_ text: String, isBlank: Bool) -> [AppEvent] {
        if isBlank { return [.returnToInput, .key(.escape), .notice(Notice(.info, "The message is unchanged"))] }
        // On the screen an edited message may start with a slash; here that is a command.
        let message = text.hasPrefix("//") ? String(text.dropFirst()) : text
        return [.returnToInput, .draftEdited(message), .key(.enter)]
    }

    /// Whether a text is run rather than sent. In answer to a question, only the commands that exist are: a setting's
    /// value and an edited message may start with a slash.
    private static func isCommand(_ text: String, in state: AppState) -> Bool {
        guard SlashCommandLine.isCommand(text) else { return false }
        var isAnswer = state.composer.edit != nil
        if case .value? = state.screen.plain?.page { isAnswer = true }
        return !isAnswer || CommandTable.command(named: SlashCommandLine.split(text).name) != nil
    }
}

extension SlashCommandLine {
    /// Whether a line is a command. Two slashes start a text that begins with one.
    static func isCommand(_ line: String) -> Bool { line.hasPrefix("/") && !line.hasPrefix("//") }
}
