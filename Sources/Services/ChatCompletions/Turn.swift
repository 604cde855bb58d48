import Chat
import Replies

/// A message as services take it: its role and text.
struct Turn: Equatable {
    enum Role: String { case system, user, assistant }

    var role: Role
    var text: String
    /// What the request's own service and model want back with a reply of theirs, as JSON.
    var state: String?

    /// The messages of a request without the system prompt. Empty replies are left out, with their state.
    static func list(_ request: ReplyRequest, provider: String) throws(ServiceError) -> [Turn] {
        let turns = request.messages.compactMap { message -> Turn? in
            let text = message.promptText
            guard !text.isEmpty else { return nil }
            // Only the model that wrote it can read it.
            let isOwn = message.origin?.model.hasSameName(as: request.model) ?? true
            let state = message.providerState.flatMap { $0.provider == provider && isOwn ? $0.json : nil }
            return Turn(role: Role(message.role), text: text, state: state)
        }
        guard turns.contains(where: { $0.role != .system }) else {
            throw .impossible(service: ServiceKind.title(of: provider), reason: "there is no message to reply to")
        }
        return turns
    }

    /// Neighbours with the same role become one, because many chat templates insist on alternation.
    static func joined(_ turns: [Turn]) -> [Turn] {
        turns.reduce(into: []) { result, turn in
            if let last = result.last, last.role == turn.role {
                result[result.count - 1].text = last.text + "\n\n" + turn.text
            } else {
                result.append(turn)
            }
        }
    }
}

extension Turn.Role {
    /// A tool's output is sent as a message from the user, because the request contains no tool call that it could answer.
    fileprivate init(_ role: Message.Role) {
        switch role {
        case .system: self = .system
        case .assistant: self = .assistant
        case .user, .tool: self = .user
        }
    }
}

extension ServiceKind {
    /// A provider's name for people, from its registry id.
    static func title(of provider: String) -> String { ServiceKind(rawValue: provider)?.title ?? provider }
}
