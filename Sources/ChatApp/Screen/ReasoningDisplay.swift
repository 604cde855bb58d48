import Chat

/// How much is seen of what models think before they answer.
struct Thoughts: Sendable, Equatable {
    /// Not even that they think.
    var areHidden = false
    /// Where it is otherwise than in `areOpened`.
    private var exceptions: Set<Message.ID> = []
    /// Whether they stand in full, those that are still to come included, or folded to one line.
    private var areOpened = false

    func shows(_ id: Message.ID) -> Bool { areOpened != exceptions.contains(id) }

    mutating func toggle(_ id: Message.ID) { exceptions.formSymmetricDifference([id]) }

    mutating func showAll(_ isShown: Bool) {
        areHidden = false
        areOpened = isShown
        exceptions = []
    }
}

extension AppState {
    /// Whether a message's thoughts stand in full: also while a search shows a match in them.
    func showsThoughts(of id: Message.ID) -> Bool { session.thoughts.shows(id) || reading.search?.opened == id }

    /// Whether a line tells of them.
    func showsThoughtsTitle(of id: Message.ID) -> Bool {
        !session.thoughts.areHidden && session.record.conversation[id]?.reasoning != nil
    }

    /// Opens or folds a message's thoughts.
    mutating func toggleThoughts(of message: Message) {
        guard message.reasoning != nil else {
            notify(.info, "no thoughts were written down for this message")
            return
        }
        // What is hidden opens at the first stroke.
        if !session.thoughts.areHidden || !session.thoughts.shows(message.id) { session.thoughts.toggle(message.id) }
        session.thoughts.areHidden = false
    }

    /// The same for the latest reply that has some.
    mutating func toggleLatestThoughts() {
        guard let message = session.record.conversation.path.last(where: { $0.reasoning != nil }) else {
            notify(.info, "no reply here has thoughts to show")
            return
        }
        toggleThoughts(of: message)
    }

    /// `/think`, with or without a word.
    mutating func think(_ word: String) throws(CommandError) -> [Effect] {
        switch word.lowercased() {
        case "": toggleLatestThoughts()
        case "show":
            session.thoughts.showAll(true)
            notify(.info, "thoughts are shown")
        case "fold":
            session.thoughts.showAll(false)
            notify(.info, "thoughts are folded to a line")
        case "hide":
            session.thoughts.areHidden = true
            notify(.info, "thoughts are not shown")
        default:
            guard let thinking = Thinking(rawValue: word.lowercased()) else {
                throw CommandError("/think takes on, off, auto, show, fold or hide, not '\(word.prefix(40))'")
            }
            return setThinking(thinking)
        }
        return []
    }

    private mutating func setThinking(_ thinking: Thinking) -> [Effect] {
        if thinking == .on { session.thoughts.areHidden = false }
        var settings = session.record.settings
        settings.thinking = thinking
        let effect =
            switch thinking {
            case .auto: "the model's template decides whether it thinks"
            case .on: "the model thinks before it answers, from the next message on"
            case .off: "the model answers without thinking, from the next message on"
            }
        let isDeaf = thinking != .auto && modelInfo?.hasThinkingSwitch == false
        let deafness = "thinking is set to \(thinking.rawValue), but this model's template has no switch for it"
        notify(isDeaf ? .warning : .info, isDeaf ? deafness : effect)
        return change(settings)
    }
}
