import Chat
import Foundation

/// Asking before words of a local conversation leave this computer for the first time.
struct RemoteConsent: Sendable {
    /// Providers that this session may send to: the one that it began with, and those that the user agreed to.
    private(set) var allowed: Set<String> = []
    private var asked: (provider: String, at: Date)?

    /// A key that repeats is no answer.
    private static let shortestPause: TimeInterval = 0.5

    init(_ record: SessionRecord) {
        for message in record.conversation.messages {
            if let model = message.origin?.model { allowed.insert(model.provider) }
        }
        if record.conversation.messages.isEmpty, let model = record.model { allowed.insert(model.provider) }
    }

    /// Whether a message may be sent; asking for the second time counts as the user's agreement.
    mutating func allows(_ provider: String, now: Date) -> Bool {
        if allowed.contains(provider) { return true }
        if let asked, asked.provider == provider, now.timeIntervalSince(asked.at) >= Self.shortestPause {
            allowed.insert(provider)
            self.asked = nil
            return true
        }
        if asked?.provider != provider { asked = (provider, now) }
        return false
    }
}

extension AppState {
    /// Whether the conversation may be sent to its model's provider; if not, asks.
    mutating func mayLeaveThisComputer() -> Bool {
        guard let profile, let host = profile.remoteHost else { return true }
        if session.consent.allows(profile.id, now: now) { return true }
        let count = session.record.conversation.path.count
        let earlier = count == 0 ? "This message" : "This message and the \(Format.count(count, "message")) before it"
        screen.notices.dismissAll()
        notify(.warning, "\(earlier) will be sent to \(host) (\(profile.title)). Enter again to send")
        return false
    }
}
