import Chat
import Replies

extension AppState {
    /// Who wrote a message, as its headline says.
    func speaker(of message: Message) -> String {
        switch message.role {
        case .user: "You"
        case .assistant: message.origin.map { displayName(of: $0.model) } ?? "Assistant"
        case .system: "System"
        case .tool: "Tool"
        }
    }
}
