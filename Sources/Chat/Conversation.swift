import Foundation

/// A tree of messages with a head: the shown conversation is the path from a root to the head.
///
/// Nothing is overwritten: editing or regenerating adds a sibling, and all alternatives are kept.
public struct Conversation: Sendable, Equatable {
    public private(set) var messages: [Message] = []
    /// The leaf that is shown; nil when empty.
    public private(set) var head: Message.ID?
    private var index: [Message.ID: Int] = [:]
    /// Ids of removed messages. They are not reused, so that a removed message can be restored.
    private var retired: Set<Message.ID> = []

    public init() {}

    public subscript(id: Message.ID) -> Message? { index[id].map { messages[$0] } }

    /// The shown branch, oldest first.
    public var path: [Message] {
        var result: [Message] = []
        var next = head
        while let id = next, let message = self[id] {
            result.append(message)
            next = message.parent
        }
        return result.reversed()
    }

    /// Messages with the same parent in the order of their creation, including the message itself.
    public func siblings(of id: Message.ID) -> [Message] {
        guard let message = self[id] else { return [] }
        return messages.filter { $0.parent == message.parent }
    }

    /// Adds a message and makes it the head. Returns false unless its parent exists (or is nil) and its id is new.
    @discardableResult
    public mutating func append(_ message: Message) -> Bool {
        guard index[message.id] == nil, message.parent.map({ index[$0] != nil }) ?? true else { return false }
        index[message.id] = messages.count
        messages.append(message)
        head = message.id
        return true
    }

    /// Changes a message in place, for example while a reply streams. Its id and parent cannot change.
    public mutating func update(_ id: Message.ID, _ change: (inout Message) -> Void) {
        guard let position = index[id] else { return }
        let parent = messages[position].parent
        change(&messages[position])
        messages[position].id = id
        messages[position].parent = parent
    }

    /// Shows the branch that ends in `id`; nil shows an empty conversation and keeps all messages.
    public mutating func moveHead(to id: Message.ID?) {
        if let id { guard index[id] != nil else { return } }
        head = id
    }

    /// An id that no message of this conversation has or had: m1, m2, …
    public func nextID() -> Message.ID {
        var number = messages.count + retired.count + 1
        func isTaken(_ id: Message.ID) -> Bool { index[id] != nil || retired.contains(id) }
        while isTaken(Message.ID(rawValue: "m\(number)")) { number += 1 }
        return Message.ID(rawValue: "m\(number)")
    }

    // MARK: Branches

    /// A message and all messages that follow it in any branch, in the order of their creation.
    public func subtree(of id: Message.ID) -> [Message] {
        guard let start = index[id] else { return [] }
        var inside: Set<Message.ID> = [id]
        return [messages[start]]
            + messages[(start + 1)...].filter { message in
                guard let parent = message.parent, inside.contains(parent) else { return false }
                inside.insert(message.id)
                return true
            }
    }

    /// The end of the most recent branch through a message; the message itself if nothing follows it.
    public func latestLeaf(below id: Message.ID) -> Message.ID? { subtree(of: id).last?.id }

    /// Removed messages that `restore` can put back.
    public struct Removal: Sendable, Equatable {
        /// Each with its position among all messages.
        fileprivate var messages: [Placed]
        fileprivate var head: Message.ID?

        fileprivate struct Placed: Sendable, Equatable {
            var position: Int
            var message: Message
        }

        public var count: Int { messages.count }
        /// The message whose subtree was removed.
        public var first: Message.ID { messages[0].message.id }
    }

    /// Removes a message and all that follow it. If it was in the shown branch, an alternative of it is shown instead,
    /// or its parent if it has none.
    ///
    /// - Returns: nil if there is no such message.
    public mutating func remove(_ id: Message.ID) -> Removal? {
        guard let message = self[id] else { return nil }
        let gone = Set(subtree(of: id).map(\.id))
        let removal = Removal(
            messages: messages.enumerated().filter { gone.contains($0.element.id) }.map {
                Removal.Placed(position: $0.offset, message: $0.element)
            }, head: head)
        let siblings = siblings(of: id)
        let position = siblings.firstIndex { $0.id == id } ?? 0
        let neighbour = siblings.dropFirst(position + 1).first ?? siblings.prefix(position).last
        messages.removeAll { gone.contains($0.id) }
        retired.formUnion(gone)
        reindex()
        if let head, gone.contains(head) {
            self.head = neighbour.flatMap { latestLeaf(below: $0.id) } ?? message.parent
        }
        return removal
    }

    /// Puts back what was removed last: every message at its position, and the branch that was shown then.
    public mutating func restore(_ removal: Removal) {
        for placed in removal.messages where index[placed.message.id] == nil {
            messages.insert(placed.message, at: min(placed.position, messages.count))
            retired.remove(placed.message.id)
        }
        reindex()
        moveHead(to: removal.head)
    }

    private mutating func reindex() {
        index = Dictionary(uniqueKeysWithValues: messages.enumerated().map { ($0.element.id, $0.offset) })
    }
}
