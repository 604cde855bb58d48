import Chat
import Synchronization
import TUI

/// Caches replies' lines tinted by the probabilities of their tokens. Lines of a growing reply that do not change are
/// tinted once. Memoizes a pure function, as `LayoutCache` does.
final class TintCache: Sendable {
    private struct Key: Hashable {
        var message: Message.ID
        var width: Int
    }

    private struct Entry {
        var revision: TokenLog.Revision
        var trace = TokenTrace()
        /// Where the reply's text begins in the text of its tokens.
        var start = 0
        var plain: [StyledLine] = []
        var tinted: [StyledLine] = []
        /// The position in the trace after each line.
        var ends: [Int] = []
    }

    private let entries = Mutex<[Key: Entry]>([:])
    private static let limit = 200

    /// - Parameter lines: the reply's text, laid out for `width` columns.
    func tinted(
        _ lines: [StyledLine], of message: Message, _ log: TokenLog.Entry, width: Int
    ) -> [StyledLine] {
        entries.withLock { entries in
            let key = Key(message: message.id, width: width)
            // Removed from the dictionary while it changes, so that its arrays are unique and change in place.
            var entry = entries.removeValue(forKey: key) ?? Entry(revision: log.revision)
            if entry.revision !== log.revision || entry.trace.count > log.tokens.count {
                entry = Entry(revision: log.revision)
            }
            if entry.plain != lines { Self.update(&entry, lines, message, log) }
            if entries.count >= Self.limit { entries = [:] }
            entries[key] = entry
            return entry.tinted
        }
    }

    private static func update(_ entry: inout Entry, _ lines: [StyledLine], _ message: Message, _ log: TokenLog.Entry) {
        entry.trace.extend(to: log.tokens)
        let same = zip(entry.plain, lines).prefix { $0 == $1 }.count
        if same == 0 {
            let skipped = message.reasoning?.utf8.count ?? 0
            entry.start = skipped == 0 ? 0 : entry.trace.start(of: message.content, behind: skipped)
        }
        entry.tinted.removeSubrange(same...)
        entry.ends.removeSubrange(same...)
        var position = entry.ends.last ?? entry.start
        for line in lines[same...] {
            entry.tinted.append(
                entry.trace.tinted(line, from: &position) { .probability(log.tokens[$0].chosen.before) })
            entry.ends.append(position)
        }
        entry.plain = lines
    }
}
