/// A piece of Markdown that stands on lines of its own.
public struct Block: Sendable, Hashable {
    public indirect enum Content: Sendable, Hashable {
        case paragraph([Inline])
        /// A level from 1 to 6.
        case heading(Int, [Inline])
        case code(CodeBlock)
        case quote([Block])
        case item(ListItem)
        case table(Table)
        /// A displayed formula, in TeX without its delimiters.
        case formula(String)
        /// HTML as it was written.
        case html(String)
        case rule
    }

    public var content: Content
    /// A blank line stands before it in the source.
    public var isApart: Bool

    public init(_ content: Content, isApart: Bool = false) {
        self.content = content
        self.isApart = isApart
    }
}

/// Lines of code. A block that grows comes in pieces: all but the first continue the one before.
public struct CodeBlock: Sendable, Hashable {
    /// The first word after the fence; empty where there is none.
    public var language: String
    /// Lines without the last one's end.
    public var text: String
    public var isContinuation: Bool

    public init(language: String, text: String, isContinuation: Bool = false) {
        self.language = language
        self.text = text
        self.isContinuation = isContinuation
    }
}

/// One item of a list; a list is its items, one after the other.
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

    /// One for each column.
    public var alignments: [Alignment]
    public var header: [Cell]
    /// Each with as many cells as there are columns.
    public var rows: [[Cell]]

    public init(alignments: [Alignment], header: [Cell], rows: [[Cell]]) {
        self.alignments = alignments
        self.header = header
        self.rows = rows
    }
}

/// A piece of text within a block.
public indirect enum Inline: Sendable, Hashable {
    case text(String)
    case code(String)
    case emphasis([Inline])
    case strong([Inline])
    case strike([Inline])
    /// The destination is as it was written: anything at all.
    case link(destination: String, [Inline])
    case image(destination: String, [Inline])
    /// TeX without its delimiters.
    case formula(String)
    case html(String)
    case lineBreak
}
