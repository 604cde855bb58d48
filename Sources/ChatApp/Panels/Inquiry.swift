import Chat
import Replies
import Sampling

/// A position in the conversation: after a message, or after a number of a reply's tokens.
struct TokenPosition: Sendable, Equatable {
    var message: Message.ID
    var tokens: Int?
}

/// What the engine should find out for the open panel.
struct Inquiry: Sendable, Equatable {
    var aim: InspectionAim
    var position: TokenPosition
}

/// What the engine has found out for a panel.
enum Finding: Sendable {
    case nextToken(NextToken, NextTokenOrigin)
    /// Nothing, for this reason.
    case problem(String)
}

/// Where a next token comes from.
enum NextTokenOrigin: Sendable, Equatable {
    /// It would follow here.
    case position(TokenPosition)
    /// A reply while it is generated.
    case streamed
}

extension AppState {
    /// What the open panel needs from the engine. Nothing while a reply is generated: the engine does one thing at a
    /// time, and the reply comes first.
    var wantedInquiry: Inquiry? { session.reply == nil ? screen.panels.top?.inquiry(self) : nil }

    /// Whether the open panel follows the next token of a running reply.
    var watchesNextToken: Bool { screen.panels.top?.watchesNextToken ?? false }

    /// Passes a finding on to the open panel.
    mutating func showInPanel(_ finding: Finding) {
        _ = withTopPanel { panel, state in
            panel.show(finding, in: state)
            return []
        }
    }
}
