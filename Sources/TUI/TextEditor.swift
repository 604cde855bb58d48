/// A multi-line text being written: pure, grapheme-wise.
public struct TextEditor: Sendable, Equatable {
    public init() {}
}
