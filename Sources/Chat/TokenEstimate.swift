/// How many tokens a text will be for a service, which counts them only when it replies.
public enum TokenEstimate {
    /// About four bytes a token: what the tokenizers of large models need for English prose. Code, other languages and
    /// numbers take more.
    public static func tokens(bytes: Int) -> Int { (bytes + 3) / 4 }

    /// The prompt of a conversation, with a few tokens around each message.
    public static func tokens(of messages: [Message], system: String?) -> Int {
        let texts = [system?.utf8.count].compactMap(\.self) + messages.map { $0.promptText.utf8.count }
        return texts.reduce(0) { $0 + tokens(bytes: $1) + 4 }
    }
}
