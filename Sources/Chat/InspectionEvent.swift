import Replies
import Sampling

/// What to compute about a conversation without generating a reply.
public enum InspectionAim: Sendable, Equatable {
    /// The distribution of the next token; a last message by the assistant is treated as unfinished.
    case nextToken
    /// The probabilities of the last message's tokens. The message must be by the assistant.
    case lastMessage
}

/// What happens during an inspection, in order: progress, then one answer.
public enum InspectionEvent: Sendable, Equatable {
    /// Tokens computed so far, and in all.
    case progress(done: Int, total: Int)
    case nextToken(NextToken)
    case tokens([ReplyToken])
}
