import Chat

/// Sending the draft.
extension AppState {
    /// Enter in the input: sends the draft, or runs it if it is a command ("//" sends text that starts with a slash).
    mutating func submitInput() -> [Effect] {
        if composer.input.lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            if !composer.attachments.isEmpty {
                notify(.info, "Type a message to send with the attachment", about: .draft)
            } else if library.hasNoUsableModel, composer.input.isEmpty, library.pull == nil {
                return runCommand("/download")
            } else if session.canResume, composer.input.isEmpty {
                return resumeFailedReply()
            }
            return []
        }
        return composer.isCommand ? runCommand(composer.input.text) : submitDraft()
    }

    /// Sends the draft once everything is known about the files that it names.
    mutating func submitDraft() -> [Effect] {
        let requests = readMentions(.everyWordAgain)
        if requests.isEmpty { return sendDraft() }
        composer.draft.isSending = true
        return requests
    }

    /// Sends the draft, unless a file that it names cannot be read (without it the text makes no sense) or it is longer
    /// than the context.
    mutating func sendDraft() -> [Effect] {
        composer.draft.isSending = false
        if let problem = composer.mentionProblem() {
            notify(.warning, problem, about: .draft)
            return []
        }
        if let use = draftUse, let limit = composer.draft.count?.limit, use.tokens > limit,
            composer.draft.pendingQuestion == nil
        {
            notify(
                .warning,
                "Message too long: \(use.tokens) tokens, the context holds \(limit). Shorten it or raise num_ctx",
                about: .draft)
            return []
        }
        let text = composer.input.text
        if let edit = composer.edit { return sendEditedMessage(text, replacing: edit.message) }
        return sendMessage(text.hasPrefix("//") ? String(text.dropFirst()) : text)
    }

    /// Adds the text to the conversation and starts the reply; the draft stays if that is not possible.
    private mutating func sendMessage(_ text: String) -> [Effect] {
        guard canStartReply(.message(text)) else { return [] }
        let parent = session.record.conversation.head
        let message = Message(
            id: session.record.conversation.nextID(), parent: parent, role: .user, created: now, content: text,
            attachments: composer.outgoingAttachments)
        session.record.conversation.append(message)
        if session.record.title.isEmpty { session.record.title = SessionRecord.title(from: text) }
        composer.input.setText("")
        composer.attachments = []
        composer.history.add(text)
        screen.notices.dismissAll()
        return saveSession() + startReply(to: message.id, previousHead: nil)
    }

    /// Whether a reply can start now; if not, explains why. A message sent before there is a model waits for it.
    ///
    /// - Parameter what: what the reply is to, in case that the user has to agree to sending it.
    mutating func canStartReply(_ what: RemoteConsent.Question) -> Bool {
        if session.reply != nil {
            let advice =
                !screen.panels.isEmpty
                ? "Close this panel and press Esc first"
                : reading.selection != nil ? "Press Esc twice to stop" : "Press Esc to stop, then Enter to send"
            notify(.info, "Still replying. \(advice)", about: .running)
        } else if let reason = session.record.readOnly {
            notify(
                .warning, "This session is read-only: \(reason). Use /duplicate to continue in a copy", about: .session)
        } else if session.record.model == nil {
            if !library.hasListedModels {
                composer.sendsWhenModelComes = true
                notify(.info, "Looking for models; your message will be sent when one is found", about: .model)
            } else if library.pull != nil {
                composer.sendsWhenModelComes = true
                notify(.info, "Downloading the model; your message will be sent when it is ready", about: .model)
            } else if library.hasNoUsableModel {
                notify(.error, "There is no model yet. /download gets a small one, /pull another", about: .model)
            } else {
                notify(.error, "No model chosen. Use /model to choose one", about: .model)
            }
        } else {
            return mayLeaveThisComputer(what)
        }
        return false
    }
}
