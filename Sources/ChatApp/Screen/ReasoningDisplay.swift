import Chat

/// How models' reasoning is displayed. A preference for all sessions; the open session has exceptions for some of its
/// messages (`OpenSession.reasoningExceptions`).
struct ReasoningDisplay: Sendable, Equatable {
    /// Not even a line says that there is reasoning.
    var isHidden = false
    /// Whether reasoning, including that of replies to come, is shown in full or folded to one line.
    var isOpen = false
}

extension AppState {
    /// Whether a message's reasoning is open, by the display setting or by an exception.
    func isReasoningOpen(in id: Message.ID) -> Bool {
        screen.reasoning.isOpen != session.reasoningExceptions.contains(id)
    }

    /// Whether a message's reasoning is shown in full: also while a search shows a match in it.
    func showsReasoning(of id: Message.ID) -> Bool { isReasoningOpen(in: id) || reading.search?.opened == id }

    /// Whether a line shows that there is reasoning.
    func showsReasoningTitle(of id: Message.ID) -> Bool {
        !screen.reasoning.isHidden && session.record.conversation[id]?.reasoning != nil
    }

    /// Opens or folds a message's reasoning.
    mutating func toggleReasoning(of message: Message) {
        guard message.reasoning != nil else {
            notify(.info, "This message has no reasoning")
            return
        }
        // Hidden reasoning is shown in full at the first press.
        if !screen.reasoning.isHidden || !isReasoningOpen(in: message.id) {
            session.reasoningExceptions.formSymmetricDifference([message.id])
        }
        screen.reasoning.isHidden = false
    }

    /// Opens or folds the latest reasoning.
    mutating func toggleLatestReasoning() {
        guard let message = session.record.conversation.path.last(where: { $0.reasoning != nil }) else {
            notify(.info, "No reply here has reasoning to show")
            return
        }
        toggleReasoning(of: message)
    }

    /// Opens or folds all reasoning, without exceptions.
    private mutating func showAllReasoning(isOpen: Bool) {
        screen.reasoning = ReasoningDisplay(isHidden: false, isOpen: isOpen)
        session.reasoningExceptions = []
    }

    /// `/think`, with or without a word.
    mutating func runThinkCommand(_ word: String) throws(CommandError) -> [Effect] {
        switch word.lowercased() {
        case "": toggleLatestReasoning()
        case "show":
            showAllReasoning(isOpen: true)
            notify(.info, "Reasoning is shown")
        case "fold":
            showAllReasoning(isOpen: false)
            notify(.info, "Reasoning is folded to one line")
        case "hide":
            screen.reasoning.isHidden = true
            notify(.info, "Reasoning is hidden")
        default:
            guard let thinking = Thinking(rawValue: word.lowercased()) else {
                throw CommandError("/think must be on, off, auto, show, fold or hide, not \"\(word.prefix(40))\"")
            }
            return setThinking(thinking)
        }
        return []
    }

    private mutating func setThinking(_ thinking: Thinking) -> [Effect] {
        if thinking == .on { screen.reasoning.isHidden = false }
        var settings = session.record.settings
        settings.thinking = thinking
        if thinking != .auto, modelInfo?.hasThinkingSwitch == false {
            notify(.warning, "This model cannot switch thinking on or off; the setting has no effect")
        } else {
            let effect =
                switch thinking {
                case .auto: "Thinking is automatic: the model's template decides"
                case .on: "Thinking is on, starting with the next message"
                case .off: "Thinking is off, starting with the next message"
                }
            notify(.info, effect)
        }
        return changeSettings(settings)
    }
}
