import Chat

/// Asking before words of a local conversation leave this computer for the first time.
struct RemoteConsent: Sendable {
    /// Providers that this session may send to: the one that it began with, and those that the user agreed to.
    private(set) var allowed: Set<String> = []
    private var asked: (provider: String, what: Question, at: ContinuousClock.Instant)?

    /// What would be sent, so that the same thing has to be done twice.
    enum Question: Sendable, Equatable {
        /// A message with this text.
        case message(String)
        /// The conversation as it is, because of this action, such as "Use /regen again".
        case conversation(advice: String)

        /// How the user agrees.
        var advice: String {
            switch self {
            case .message: "Enter again to send"
            case .conversation(let advice): "\(advice) to send"
            }
        }
    }

    /// A key that repeats is no answer.
    private static let shortestPause = Duration.milliseconds(500)

    init(_ record: SessionRecord) {
        for message in record.conversation.messages {
            if let model = message.origin?.model { allowed.insert(model.provider) }
        }
        if record.conversation.messages.isEmpty, let model = record.model { allowed.insert(model.provider) }
    }

    /// Whether something may be sent; asking the same for the second time counts as the user's agreement.
    mutating func allows(_ provider: String, _ what: Question, now: ContinuousClock.Instant) -> Bool {
        if allowed.contains(provider) { return true }
        guard let asked, asked.provider == provider, asked.what == what else {
            asked = (provider, what, now)
            return false
        }
        guard asked.at.duration(to: now) >= Self.shortestPause else { return false }
        allowed.insert(provider)
        self.asked = nil
        return true
    }
}

extension AppState {
    /// Whether the conversation may be sent to its model's provider; if not, asks.
    mutating func mayLeaveThisComputer(_ what: RemoteConsent.Question) -> Bool {
        guard let profile, let host = profile.remoteHost else { return true }
        if session.consent.allows(profile.id, what, now: instant) { return true }
        let count = session.record.conversation.path.count
        let messages = Format.count(count, "message")
        let sent =
            switch what {
            case .message: count == 0 ? "This message" : "This message and the \(messages) before it"
            case .conversation: "The conversation (\(messages))"
            }
        screen.notices.dismissAll()
        notify(
            .warning, "\(sent) will be sent to \(host) (\(profile.title)). \(what.advice)", about: .draft)
        return false
    }
}
