import Chat
import Synchronization
import TUI

/// Remembers how messages were laid out. A pure function's memory: everything that a layout depends on is compared, so
/// copies of the state may share it and a stale entry is never shown.
final class LayoutCache: Sendable {
    private struct Entry {
        var content: String
        var role: Message.Role
        var layout: MarkupLayout
        var lines: [StyledLine]
    }

    /// How many bodies were laid out, or taken up where they had grown.
    let count = Atomic(0)
    private let entries = Mutex<[Message.ID: Entry]>([:])
    /// More than this many are more than anybody looks at; then it starts afresh.
    private static let limit = 20_000

    /// The body of a message in lines of at most `width` columns.
    func body(of message: Message, width: Int) -> [StyledLine] {
        entries.withLock { entries in
            if var entry = entries[message.id], entry.layout.width == width, entry.role == message.role {
                if entry.content == message.content { return entry.lines }
                if message.role == .assistant, message.content.utf8.starts(with: entry.content.utf8) {
                    count.add(1, ordering: .relaxed)
                    entry.layout.extend(to: message.content)
                    entry.lines = entry.layout.lines
                    entry.content = message.content
                    entries[message.id] = entry
                    return entry.lines
                }
            }
            count.add(1, ordering: .relaxed)
            let layout = MarkupLayout(message.role == .assistant ? message.content : "", width: width)
            // What a person wrote is shown as they wrote it.
            let lines = message.role == .assistant ? layout.lines : Self.plain(message.content, width: width)
            if entries.count >= Self.limit { entries = [:] }
            entries[message.id] = Entry(content: message.content, role: message.role, layout: layout, lines: lines)
            return lines
        }
    }

    private static func plain(_ text: String, width: Int) -> [StyledLine] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { Wrapping.wrap(StyledLine(String($0)), width: width) }
    }
}
