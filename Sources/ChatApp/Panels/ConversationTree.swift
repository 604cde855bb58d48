import Chat

/// All messages as rows from top to bottom, each after its parent. The shown branch is in the first column; other
/// branches come before the message that they are an alternative to, one column further to the right:
///
///     What is in Kyoto?
///     ├ Temples
///     │ And in Nara?
///     Shrines
struct ConversationTree {
    struct Row: Equatable {
        var id: Message.ID
        /// The lines of the tree before the message.
        var prefix: String
        /// Which alternative it is, from 1, and of how many.
        var alternative: Int
        var alternatives: Int
        var isShown: Bool
    }

    private(set) var rows: [Row] = []
    private let head: Message.ID?
    private let count: Int

    /// Whether the conversation still has the same messages and branch.
    func isCurrent(_ conversation: Conversation) -> Bool {
        head == conversation.head && count == conversation.messages.count
    }

    /// Branches nested deeper than this share a column.
    private static let deepest = 12

    init(_ conversation: Conversation) {
        head = conversation.head
        count = conversation.messages.count
        var children: [Message.ID?: [Message.ID]] = [:]
        for message in conversation.messages { children[message.parent, default: []].append(message.id) }
        let shown = Set(conversation.path.map(\.id))

        // A stack instead of recursion, because conversations are deep.
        var waiting: [(row: Row, lead: String)] = []
        func push(_ ids: [Message.ID], lead: String) {
            // The shown alternative, else the latest, continues in the same column, after the others.
            guard let main = ids.firstIndex(where: shown.contains) ?? ids.indices.last else { return }
            func row(_ index: Int, _ prefix: String) -> Row {
                Row(
                    id: ids[index], prefix: prefix, alternative: index + 1, alternatives: ids.count,
                    isShown: shown.contains(ids[index]))
            }
            waiting.append((row(main, lead), lead))
            for index in ids.indices.reversed() where index != main {
                let inner = lead.count < 2 * Self.deepest ? lead + "│ " : lead
                waiting.append((row(index, inner.dropLast(2) + "├ "), inner))
            }
        }
        push(children[nil] ?? [], lead: "")
        while let next = waiting.popLast() {
            rows.append(next.row)
            push(children[next.row.id] ?? [], lead: next.lead)
        }
    }
}
