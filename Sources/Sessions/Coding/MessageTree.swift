import Chat

/// Puts messages in an order in which every parent comes before its children, whatever the order in the file. A message
/// whose parent is missing, or that is in a cycle of parents, becomes a first message.
struct MessageTree {
    private(set) var conversation = Conversation()
    private(set) var warnings: [SessionWarning] = []

    /// The ids must be distinct. The head is the last message.
    init(_ messages: [Message]) {
        let byID = Dictionary(messages.map { ($0.id, $0) }) { first, _ in first }
        for message in messages {
            var chain: [Message] = []
            var waiting: Set<Message.ID> = []
            var next: Message? = message
            while var current = next, conversation[current.id] == nil {
                next = nil
                waiting.insert(current.id)
                if let parent = current.parent {
                    if waiting.contains(parent) || byID[parent] == nil {
                        let reason = byID[parent] == nil ? "is missing" : "is one of its descendants"
                        warnings.append(
                            SessionWarning(
                                "message \(current.id.rawValue)", "its parent \(reason); it now begins a conversation"))
                        current.parent = nil
                    } else {
                        next = byID[parent]
                    }
                }
                chain.append(current)
            }
            for message in chain.reversed() { conversation.append(message) }
        }
        conversation.moveHead(to: messages.last?.id)
    }
}
