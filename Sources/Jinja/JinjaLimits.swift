/// The resources a template may use. A template comes from a model file that anyone may have written, so time, memory
/// and stack are limited. The defaults are far above what a real template needs for a conversation as long as a book.
public struct JinjaLimits: Sendable, Equatable {
    /// Steps of work: one for each visited node of the syntax tree, four for each list element that is read or created,
    /// and one for every four characters that a string operation reads or writes.
    public var steps = 20_000_000
    /// The length of the rendered text, in Unicode scalars.
    public var outputLength = 4_000_000
    /// The length of a string, in Unicode scalars.
    public var stringLength = 4_000_000
    /// The number of elements in a list.
    public var sequenceLength = 1_000_000
    /// The number of elements in a `range`; the sandbox of Jinja2 has the same limit.
    public var rangeLength = 100_000
    /// The nesting depth of lists and dictionaries.
    public var valueDepth = 100
    /// The nesting depth of evaluation: blocks, expressions and macro calls. Real templates stay below 40. In release
    /// builds, this many levels fit on a stack of 512 KB.
    public var evaluationDepth = 120
    /// The nesting depth of blocks and brackets in the source. Limits the parser's stack.
    public var nesting = 60
    /// The length of the source, in Unicode scalars.
    public var sourceLength = 1_000_000

    public init() {}
}
