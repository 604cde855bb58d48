import Chat
import Synchronization
import TUI

/// Remembers how replies' lines were tinted by their tokens' probabilities: of a reply that grows, lines that stay as
/// they were are tinted once. A pure function's memory, as `LayoutCache` is.
final class TintCache: Sendable {
    private struct Key: Hashable {
        var message: Message.ID
        var width: Int
    }

    private struct Entry {
        var revision: Int
        var trace = TokenTrace()
        /// Where the reply's text begins in that of its tokens.
        var start = 0
        var plain: [StyledLine] = []
        var tinted: [StyledLine] = []
        /// The place in the trace behind each line.
        var ends: [Int] = []
    }

    private let entries = Mutex<[Key: Entry]>([:])
    private static let limit = 200

    /// - Parameter lines: the reply's text, laid out to `width` columns.
    func tinted(
        _ lines: [StyledLine], of message: Message, _ log: TokenLog.Entry, width: Int
    ) -> [StyledLine] {
        entries.withLock { entries in
            let key = Key(message: message.id, width: width)
            // Taken out, so that its arrays are held here alone and change in place.
            var entry = entries.removeValue(forKey: key) ?? Entry(revision: log.revision)
            if entry.revision != log.revision || entry.trace.count > log.tokens.count {
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
        var place = entry.ends.last ?? entry.start
        for line in lines[same...] {
            entry.tinted.append(
                entry.trace.tinted(line, from: &place) { .probability(log.tokens[$0].chosen.before) })
            entry.ends.append(place)
        }
        entry.plain = lines
    }
}
