/// The output of a template, and which parts of it the template itself wrote.
public struct RenderedText: Sendable, Equatable {
    /// A part of the text with a single origin.
    public struct Segment: Sendable, Equatable {
        public let text: String
        /// True for the template's own text, in which control tokens may be recognised; false for text from the
        /// context: what a user, a document or a tool said.
        public let trusted: Bool

        public init(text: String, trusted: Bool) {
            self.text = text
            self.trusted = trusted
        }
    }

    /// The complete text.
    public let text: String
    /// The text split where its origin changes. No segment is empty, adjacent segments differ in `trusted`, and joined
    /// they give `text`.
    public let segments: [Segment]

    init(_ string: JinjaString) {
        text = string.text
        segments = string.origins.map { Segment(text: string.slice($0.range).text, trusted: $0.trusted) }
    }
}
