import Sampling

/// What can be asked about a conversation.
public enum InspectionAim: Sendable, Equatable {
    /// The next token at its end; a last message by the assistant is taken for unfinished.
    case nextToken
    /// The last message, by the assistant, token by token as the model sees it.
    case lastMessage
}

/// How an inspection goes, in order: progress, then one answer.
public enum InspectionEvent: Sendable, Equatable {
    /// Tokens done of all.
    case progress(done: Int, total: Int)
    case nextToken(NextToken)
    case tokens([ReplyToken])
}
