import Chat

/// The shown branch as a list, with each message's position among its alternatives. Rebuilt when the branch changes, so
/// that drawing a long conversation touches only its visible part.
struct Transcript: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        var id: Message.ID
        /// Which of its alternatives it is, from 1, and how many there are.
        var alternative: Int
        var alternatives: Int

        /// Shows that there are alternatives; a click on it goes to them. nil if there are none.
        var control: String? { alternatives > 1 ? "‹ \(alternative)/\(alternatives) ›" : nil }
    }

    private(set) var entries: [Entry] = []
    private(set) var head: Message.ID?
    private var positions: [Message.ID: Int] = [:]

    init() {}

    init(_ conversation: Conversation) {
        head = conversation.head
        var seen: [Message.ID?: Int] = [:]
        var numbers: [Message.ID: Int] = [:]
        for message in conversation.messages {
            seen[message.parent, default: 0] += 1
            numbers[message.id] = seen[message.parent]
        }
        entries = conversation.path.map {
            Entry(id: $0.id, alternative: numbers[$0.id] ?? 1, alternatives: seen[$0.parent] ?? 1)
        }
        for (position, entry) in entries.enumerated() { positions[entry.id] = position }
    }

    /// A message's position in the branch; nil if it is in another branch.
    func position(of id: Message.ID) -> Int? { positions[id] }

    /// Follows the conversation's head. A message added at the end, the usual case, costs no more than itself.
    mutating func follow(_ conversation: Conversation) {
        guard conversation.head != head else { return }
        guard let added = conversation.head.flatMap({ conversation[$0] }), added.parent == head, head != nil else {
            self = Transcript(conversation)
            return
        }
        let siblings = conversation.siblings(of: added.id)
        let position = siblings.firstIndex { $0.id == added.id } ?? 0
        positions[added.id] = entries.count
        entries.append(Entry(id: added.id, alternative: position + 1, alternatives: siblings.count))
        head = added.id
    }
}
