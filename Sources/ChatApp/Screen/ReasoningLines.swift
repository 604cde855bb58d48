import Chat
import TUI

extension MessageLines {
    /// A message's reasoning, folded to one line or in full.
    func reasoning(of message: Message, isGrowing: Bool) -> [StyledLine] {
        guard let reasoning = message.reasoning, !state.screen.reasoning.isHidden else { return [] }
        let isOpen = state.showsReasoning(of: message.id)
        let title = "\(isOpen ? "▾" : "▸") \(state.reasoningTitle(of: message, isGrowing: isGrowing))"
        var lines = [StyledLine(Wrapping.truncate(title, width: width), .reasoning)]
        guard isOpen else { return lines }
        // Under an id of its own the reasoning is laid out incrementally as it grows, like an answer.
        let id = Message.ID(rawValue: "\(message.id.rawValue) reasoning")
        let inner = Message(
            id: id, parent: nil, role: .assistant, created: message.created, content: reasoning)
        // The reasoning is complete once the answer has begun.
        let isThinking = isGrowing && message.content.isEmpty
        let body = layouts.body(
            of: inner, options: options(width: width - 2), asSource: state.screen.showsSource, isGrowing: isThinking)
        for line in body {
            let spans = line.spans.map { span in
                var span = span
                span.role = span.role.inReasoning
                return span
            }
            lines.append(StyledLine([.init("│ ", .rule)] + spans))
        }
        return lines
    }
}

extension AppState {
    /// "thinking … 214 tokens, 3 s", and afterwards "thought for 3 s, 214 tokens".
    func reasoningTitle(of message: Message, isGrowing: Bool) -> String {
        if isGrowing, let reply = session.reply, let seconds = reply.reasoningSeconds(now: instant) {
            let count = Format.count(reply.reasoningTokens, "token")
            return reply.reasoningEnded == nil
                ? "thinking … \(count), \(DurationText.whole(seconds))"
                : "thought for \(DurationText.whole(seconds)), \(count)"
        }
        guard let stats = message.origin?.stats, stats.reasoningTokens > 0 else {
            // For an imported reply only the text is known.
            return "reasoning, \(ByteText.size(message.reasoning?.utf8.count ?? 0))"
        }
        let count = Format.count(stats.reasoningTokens, "token")
        return "thought for \(DurationText.whole(stats.reasoningSeconds)), \(count)"
    }
}

extension StyleRole {
    /// Reasoning is quieter than the answer; roles with a background or a meaning of their own stay.
    fileprivate var inReasoning: StyleRole {
        switch self {
        case .text, .strong, .emphasis, .strongEmphasis, .heading, .heading2, .heading3, .listMarker: .reasoning
        default: self
        }
    }
}
