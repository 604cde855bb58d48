/// A piece of a prompt. Control tokens are recognised only in trusted pieces: those that a chat template wrote, not
/// those that a person or a document contributed.
public struct PromptSegment: Sendable, Equatable {
    public var text: String
    public var isTrusted: Bool

    public init(_ text: String, isTrusted: Bool) {
        self.text = text
        self.isTrusted = isTrusted
    }
}
