import Foundation

/// A tree of messages with a head: the shown conversation is the path from a root to the head.
///
/// Nothing is overwritten: editing or regenerating adds a sibling, and every alternative stays.
public struct Conversation: Sendable, Equatable {
    public private(set) var messages: [Message] = []
    /// The leaf that is shown; nil when empty.
    public private(set) var head: Message.ID?
    private var index: [Message.ID: Int] = [:]

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

    /// Messages with the same parent, in the order they were made, the message itself included.
    public func siblings(of id: Message.ID) -> [Message] {
        guard let message = self[id] else { return [] }
        return messages.filter { $0.parent == message.parent }
    }

    /// Adds a message and makes it the head. Its parent must be present (or nil) and its id new; false otherwise.
    @discardableResult
    public mutating func append(_ message: Message) -> Bool {
        guard index[message.id] == nil, message.parent.map({ index[$0] != nil }) ?? true else { return false }
        index[message.id] = messages.count
        messages.append(message)
        head = message.id
        return true
    }

    /// Changes a message in place, as a streaming reply grows. Identity and parent stay.
    public mutating func update(_ id: Message.ID, _ change: (inout Message) -> Void) {
        guard let position = index[id] else { return }
        let parent = messages[position].parent
        change(&messages[position])
        messages[position].id = id
        messages[position].parent = parent
    }

    /// Shows the branch that ends in `id`; nil shows an empty conversation with every message kept.
    public mutating func moveHead(to id: Message.ID?) {
        if let id { guard index[id] != nil else { return } }
        head = id
    }

    /// An id no message of this conversation has: m1, m2, …
    public func nextID() -> Message.ID {
        var number = messages.count + 1
        while index[Message.ID(rawValue: "m\(number)")] != nil { number += 1 }
        return Message.ID(rawValue: "m\(number)")
    }
}
