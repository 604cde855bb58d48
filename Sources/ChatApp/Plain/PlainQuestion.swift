import Replies
import Chat

/// What the next line answers, where it is not a message.
enum PlainQuestion: Sendable {
    /// Which of these.
    case choice([PlainChoice])
    /// A setting's new value.
    case value(SettingRow)
}

extension AppState {
    func speaker(of message: Message) -> String {
        switch message.role {
        case .user: "You"
        case .assistant: message.origin.map { displayName(of: $0.model) } ?? "Assistant"
        case .system: "System"
        case .tool: "Tool"
        }
    }
}
