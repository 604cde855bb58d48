import Chat
import Rendering
import Synchronization
import TUI

/// Caches the layouts of messages. Everything that a layout depends on is compared, so copies of the state can share the
/// cache, and an outdated entry is never shown.
final class LayoutCache: Sendable {
    private struct Entry {
        var content: String
        var isGrowing: Bool
        var body: Body
    }

    /// How a body is laid out.
    private enum Body {
        case markdown(MarkdownLayout)
        case source(SourceLayout)

        var lines: [StyledLine] {
            switch self {
            case .markdown(let layout): layout.lines
            case .source(let layout): layout.lines
            }
        }

        /// Consumes itself while it grows, so that the finished lines are not copied.
        mutating func extend(to text: String, isComplete: Bool) {
            switch consume self {
            case .markdown(var layout):
                layout.extend(to: text, isComplete: isComplete)
                self = .markdown(layout)
            case .source(var layout):
                layout.extend(to: text)
                self = .source(layout)
            }
        }

        func matches(_ options: MarkdownLayout.Options, asSource: Bool) -> Bool {
            switch self {
            case .markdown(let layout): !asSource && layout.options == options
            case .source(let layout): asSource && layout.width == options.width
            }
        }
    }

    /// How many layouts were made or extended.
    let count = Atomic(0)
    private let entries = Mutex<[Message.ID: Entry]>([:])
    /// With more entries than anybody looks at, the cache starts over.
    private static let limit = 20_000

    /// A message's text in lines of at most `options.width` columns.
    ///
    /// - Parameters:
    ///   - asSource: show the text as it was written, not as Markdown.
    ///   - isGrowing: more text will follow.
    func body(
        of message: Message, options: MarkdownLayout.Options, asSource: Bool, isGrowing: Bool
    ) -> [StyledLine] {
        entries.withLock { entries in
            let content = message.content
            if let known = entries[message.id], known.isGrowing == isGrowing, known.content == content,
                known.body.matches(options, asSource: asSource)
            {
                return known.body.lines
            }
            count.add(1, ordering: .relaxed)
            // Removed, so that its lines have no other owner and grow in place.
            let known = entries.removeValue(forKey: message.id)
            var entry: Entry
            if let known, known.isGrowing, known.body.matches(options, asSource: asSource),
                content.utf8.starts(with: known.content.utf8)
            {
                entry = known
            } else {
                let body: Body =
                    asSource ? .source(SourceLayout(width: options.width)) : .markdown(MarkdownLayout(options: options))
                entry = Entry(content: "", isGrowing: true, body: body)
            }
            entry.body.extend(to: content, isComplete: !isGrowing)
            (entry.content, entry.isGrowing) = (content, isGrowing)
            if entries.count >= Self.limit { entries = [:] }
            entries[message.id] = entry
            return entry.body.lines
        }
    }
}
