import Chat
import TUI

extension MessageLines {
    /// What the model thought, folded to one line or in full.
    func thoughts(of message: Message, isGrowing: Bool) -> [StyledLine] {
        guard let reasoning = message.reasoning, !state.session.thoughts.areHidden else { return [] }
        let isOpen = state.showsThoughts(of: message.id)
        let title = "\(isOpen ? "▾" : "▸") \(state.thoughtsTitle(of: message, isGrowing: isGrowing))"
        var lines = [StyledLine(Wrapping.truncate(title, width: width), .reasoning)]
        guard isOpen else { return lines }
        // Under an id of their own the thoughts are laid out once, as they grow, like an answer.
        let id = Message.ID(rawValue: "\(message.id.rawValue) thoughts")
        let inner = Message(
            id: id, parent: nil, role: .assistant, created: message.created, content: reasoning)
        // The answer has begun where the thoughts have ended.
        let isThinking = isGrowing && message.content.isEmpty
        let body = layouts.body(
            of: inner, options: options(width: width - 2), asSource: state.screen.showsSource, isGrowing: isThinking)
        for line in body {
            let spans = line.spans.map { span in
                var span = span
                span.role = span.role.inThoughts
                return span
            }
            lines.append(StyledLine([.init("│ ", .rule)] + spans))
        }
        return lines
    }
}

extension AppState {
    /// "thinking … 214 tokens, 3 s", and afterwards "thought for 3 s, 214 tokens".
    func thoughtsTitle(of message: Message, isGrowing: Bool) -> String {
        if isGrowing, let reply = session.reply, let seconds = reply.reasoningSeconds(now: now) {
            let count = Format.count(reply.reasoningTokens, "token")
            return reply.reasoningEnded == nil
                ? "thinking … \(count), \(Format.wholeSeconds(seconds))"
                : "thought for \(Format.wholeSeconds(seconds)), \(count)"
        }
        guard let stats = message.origin?.stats, stats.reasoningTokens > 0 else {
            // Of a reply from elsewhere only the text is known.
            return "thoughts, \(Format.bytes(message.reasoning?.utf8.count ?? 0))"
        }
        let count = Format.count(stats.reasoningTokens, "token")
        return "thought for \(Format.wholeSeconds(stats.reasoningSeconds)), \(count)"
    }
}

extension StyleRole {
    /// Thoughts are quieter than the answer; what has a ground or a meaning of its own keeps it.
    fileprivate var inThoughts: StyleRole {
        switch self {
        case .text, .strong, .emphasis, .strongEmphasis, .heading, .heading2, .heading3, .listMarker: .reasoning
        default: self
        }
    }
}
