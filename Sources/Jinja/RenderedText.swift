/// What a template produced, and which parts of it the template itself wrote.
public struct RenderedText: Sendable, Equatable {
    /// A stretch of the text with one origin.
    public struct Segment: Sendable, Equatable {
        public let text: String
        /// True for the template's own text (control tokens may be recognised in it), false for text that came in
        /// through the context: what a person, a document or a tool said.
        public let trusted: Bool

        public init(text: String, trusted: Bool) {
            self.text = text
            self.trusted = trusted
        }
    }

    /// The whole text.
    public let text: String
    /// The text cut where its origin changes: no segment is empty, neighbours differ in `trusted`, and together they
    /// are `text`.
    public let segments: [Segment]

    init(_ string: JinjaString) {
        text = string.text
        segments = string.origins.map { Segment(text: string.slice($0.range).text, trusted: $0.trusted) }
    }
}
