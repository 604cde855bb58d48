import Chat

/// The shown branch as a list, with each message's place among its alternatives. Made anew when the branch changes, so
/// that drawing a long conversation looks at its visible part alone.
struct Transcript: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        var id: Message.ID
        /// Which of its alternatives it is, from 1, of how many.
        var alternative: Int
        var alternatives: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var head: Message.ID?

    init() {}

    init(_ conversation: Conversation) {
        head = conversation.head
        var seen: [Message.ID?: Int] = [:]
        var places: [Message.ID: Int] = [:]
        for message in conversation.messages {
            seen[message.parent, default: 0] += 1
            places[message.id] = seen[message.parent]
        }
        entries = conversation.path.map {
            Entry(id: $0.id, alternative: places[$0.id] ?? 1, alternatives: seen[$0.parent] ?? 1)
        }
    }
}
