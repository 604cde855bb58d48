/// A segment of a prompt. Control tokens are recognised only in trusted segments, which come from the chat template, not
/// in text from users or documents.
public struct PromptSegment: Sendable, Equatable {
    public var text: String
    public var isTrusted: Bool

    public init(_ text: String, isTrusted: Bool) {
        self.text = text
        self.isTrusted = isTrusted
    }
}
