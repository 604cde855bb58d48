import Chat

extension ReplyRequest {
    /// Many models only answer messages of the user. They are asked in words to go on with a reply that was cut off; the
    /// conversation itself does not get that message. Nil if no reply is to be continued.
    var asContinuationInWords: ReplyRequest? {
        guard let last = messages.last, last.role == .assistant else { return nil }
        var request = self
        request.messages.append(
            Message(
                id: Message.ID(rawValue: "continue"), parent: last.id, role: .user, created: last.created,
                content: Self.continuation))
        return request
    }

    private static let continuation =
        "Your last message was cut off. Continue it exactly where it ends, without repeating any of it and without a remark."
}
