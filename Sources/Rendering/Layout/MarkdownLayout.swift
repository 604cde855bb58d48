import Markdown
import TUI

/// A message's Markdown as lines of a width. The text may grow: blocks that are finished are laid out once, and only the
/// tail again.
public struct MarkdownLayout: Sendable {
    public struct Options: Sendable, Hashable {
        /// Columns.
        public var width: Int
        /// Whether a link's address stands after its text, because the terminal cannot follow the link itself.
        public var showsAddresses: Bool

        public init(width: Int, showsAddresses: Bool = true) {
            self.width = max(2, width)
            self.showsAddresses = showsAddresses
        }
    }

    /// How many blocks were laid out since the beginning: every one costs time.
    public struct Work: Sendable, Hashable {
        /// Each block once, unless a link's definition came late.
        public var finished = 0
        /// The tail, each time it changed.
        public var tail = 0
    }

    public let options: Options
    public private(set) var work = Work()
    private var stream = MarkdownStream()
    public private(set) var lines: [StyledLine] = []
    /// How many lines will not change any more; those after them are the tail's.
    private var finishedCount = 0
    private var layout: BlockLayout

    public init(options: Options) {
        self.options = options
        layout = BlockLayout(width: options.width, showsAddresses: options.showsAddresses)
    }

    /// Takes up a text that begins with the one laid out so far.
    /// - Parameter isComplete: no more text will come.
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
