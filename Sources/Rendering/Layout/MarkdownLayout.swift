import Markdown
import TUI

/// A message's Markdown as lines of a given width. The text may grow: finished blocks are laid out once, and only the
/// tail is laid out again.
public struct MarkdownLayout: Sendable {
    public struct Options: Sendable, Hashable {
        /// In columns.
        public var width: Int
        /// Whether to show a link's address after its text, because the terminal cannot follow links.
        public var showsAddresses: Bool

        public init(width: Int, showsAddresses: Bool = true) {
            self.width = max(2, width)
            self.showsAddresses = showsAddresses
        }
    }

    /// The number of blocks laid out so far, as a measure of the time spent.
    public struct Work: Sendable, Hashable {
        /// Each block counts once, unless a link's definition came late.
        public var finished = 0
        /// Blocks of the tail, counted each time it changed.
        public var tail = 0
    }

    public let options: Options
    public private(set) var work = Work()
    private var stream = MarkdownStream()
    public private(set) var lines: [StyledLine] = []
    /// The number of final lines; the rest belong to the tail.
    private var finishedCount = 0
    private var layout: BlockLayout

    public init(options: Options) {
        self.options = options
        layout = BlockLayout(width: options.width, showsAddresses: options.showsAddresses)
    }

    /// Reads text that starts with the text laid out so far.
    /// - Parameter isComplete: whether no more text will come.
    public mutating func extend(to text: String, isComplete: Bool) {
        let update = stream.extend(to: text, isComplete: isComplete)
        lines.removeSubrange((update.startsOver ? 0 : finishedCount)...)
        if update.startsOver {
            layout = BlockLayout(width: options.width, showsAddresses: options.showsAddresses)
        }
        layout.add(update.finished, to: &lines)
        work.finished += update.finished.count
        finishedCount = lines.count
        var copy = layout
        copy.add(update.tail, to: &lines)
        work.tail += update.tail.count
    }
}
