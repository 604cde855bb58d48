import Chat

/// All messages as rows from top to bottom, each after the one it follows. The shown branch stays in the first column;
/// what branches off stands before it, one column further in:
///
///     What is in Kyoto?
///     ├ Temples
///     │ And in Nara?
///     Shrines
struct ConversationTree {
    struct Row: Equatable {
        var id: Message.ID
        /// The lines that lead to it.
        var prefix: String
        var isShown: Bool
    }

    private(set) var rows: [Row] = []

    /// Branches of branches beyond this depth stand in one column.
    private static let deepest = 12

    init(_ conversation: Conversation) {
        var children: [Message.ID?: [Message.ID]] = [:]
        for message in conversation.messages { children[message.parent, default: []].append(message.id) }
        let shown = Set(conversation.path.map(\.id))

        // A stack and no recursion: conversations are deep.
        var waiting: [(row: Row, lead: String)] = []
        func push(_ ids: [Message.ID], lead: String) {
            // The one that is shown, else the latest, goes on in the same column, after the others.
            guard let main = ids.first(where: shown.contains) ?? ids.last else { return }
            waiting.append((Row(id: main, prefix: lead, isShown: shown.contains(main)), lead))
            for id in ids.reversed() where id != main {
                let inner = lead.count < 2 * Self.deepest ? lead + "│ " : lead
                let prefix = inner.isEmpty ? "" : inner.dropLast(2) + "├ "
                waiting.append((Row(id: id, prefix: prefix, isShown: false), inner))
            }
        }
        push(children[nil] ?? [], lead: "")
        while let next = waiting.popLast() {
            rows.append(next.row)
            push(children[next.row.id] ?? [], lead: next.lead)
        }
    }
}
