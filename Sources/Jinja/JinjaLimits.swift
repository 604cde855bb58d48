/// What a template may spend. A template comes out of a model file that anybody may have written, so time, memory and
/// stack are bounded; the defaults leave a real template with a book-length conversation far from every bound.
public struct JinjaLimits: Sendable, Equatable {
    /// Steps of work: one for every syntax-tree node visited, four for every element of a list that is read or made,
    /// and one for every four characters that a string operation reads or writes.
    public var steps = 20_000_000
    /// Length of the rendered text, in Unicode scalars.
    public var outputLength = 4_000_000
    /// Length of any one string, in Unicode scalars.
    public var stringLength = 4_000_000
    /// Elements of any one list.
    public var sequenceLength = 1_000_000
    /// Elements of a `range`; the sandbox of Jinja2 has the same bound.
    public var rangeLength = 100_000
    /// How deep lists and dictionaries may lie within each other.
    public var valueDepth = 100
    /// How deep evaluation may go: blocks, expressions and macro calls within each other. Real templates stay below
    /// 40; built for release, this many levels fit a thread with a stack of 512 KB.
    public var evaluationDepth = 120
    /// How deep blocks and brackets may be nested in the source. Bounds the parser's stack.
    public var nesting = 60
    /// Length of the source, in Unicode scalars.
    public var sourceLength = 1_000_000

    public init() {}
}
