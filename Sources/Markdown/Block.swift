/// A block of Markdown: a paragraph, a heading, a list item and so on.
public struct Block: Sendable, Hashable {
    public indirect enum Content: Sendable, Hashable {
        case paragraph([Inline])
        /// With a level from 1 to 6.
        case heading(Int, [Inline])
        case code(CodeBlock)
        case quote([Block])
        case item(ListItem)
        case table(Table)
        /// A displayed formula: TeX without its delimiters.
        case formula(String)
        /// HTML source.
        case html(String)
        case rule
    }

    public var content: Content
    /// Whether a blank line precedes it in the source.
    public var followsBlankLine: Bool

    public init(_ content: Content, followsBlankLine: Bool = false) {
        self.content = content
        self.followsBlankLine = followsBlankLine
    }
}

/// Lines of code. A block that is still growing comes in pieces; all but the first are continuations.
public struct CodeBlock: Sendable, Hashable {
    /// The first word after the fence; empty if there is none.
    public var language: String
    /// The lines, without a final line break.
    public var text: String
    public var isContinuation: Bool

    public init(language: String, text: String, isContinuation: Bool = false) {
        self.language = language
        self.text = text
        self.isContinuation = isContinuation
    }
}

/// An item of a list. A list is a sequence of items.
public struct ListItem: Sendable, Hashable {
    public enum Marker: Sendable, Hashable {
        case bullet
        /// "3." or "3)"
        case number(Int, delimiter: Character)
        case task(isDone: Bool)
    }

    public var marker: Marker
    public var blocks: [Block]

    public init(marker: Marker, blocks: [Block]) {
        self.marker = marker
        self.blocks = blocks
    }
}

public struct Table: Sendable, Hashable {
    public enum Alignment: Sendable, Hashable {
        case left, center, right
    }

    public typealias Cell = [Inline]

    /// One per column.
    public var alignments: [Alignment]
    public var header: [Cell]
    /// Each row has as many cells as there are columns.
    public var rows: [[Cell]]

    public init(alignments: [Alignment], header: [Cell], rows: [[Cell]]) {
        self.alignments = alignments
        self.header = header
        self.rows = rows
    }
}

/// A piece of text in a block.
public indirect enum Inline: Sendable, Hashable {
    case text(String)
    case code(String)
    case emphasis([Inline])
    case strong([Inline])
    case strike([Inline])
    /// The destination is taken from the source unchecked.
    case link(destination: String, [Inline])
    case image(destination: String, [Inline])
    /// TeX without its delimiters.
    case formula(String)
    case html(String)
    case lineBreak
}
