import Chat
import Foundation
import Rendering
import Replies
import TUI

/// A message as lines: its author and statistics, its text, and why the reply ended if that is unusual.
struct MessageLines {
    let state: AppState
    let layouts: LayoutCache
    let width: Int

    func lines(of entry: Transcript.Entry) -> [StyledLine] {
        guard let message = state.session.record.conversation[entry.id] else { return [] }
        let isGrowing = state.session.reply?.message == entry.id
        var lines = [headline(of: message, entry, isGrowing: isGrowing)]
        lines += reasoning(of: message, isGrowing: isGrowing)
        var body = body(of: message, isGrowing: isGrowing)
        while let last = body.last, last.spans.isEmpty { body.removeLast() }
        for file in message.attachments {
            var line = StyledLine()
            line.append(file)
            lines += Wrapping.wrap(line, width: width)
        }
        lines += body
        if isGrowing {
            addCaret(to: &lines)
        } else if message.content.isEmpty {
            let text =
                message.role == .user ? "(empty message)" : message.reasoning == nil ? "(empty reply)" : "(no answer)"
            lines.append(StyledLine(text, .muted))
        }
        if !isGrowing, let ending = message.origin?.stats?.stop.ending {
            lines.append(StyledLine("— \(ending)", .muted))
        }
        return lines + [StyledLine()]
    }

    /// The message's text, without headline and ending.
    func body(of message: Message, isGrowing: Bool = false) -> [StyledLine] {
        let lines = layouts.body(
            of: message, options: options(width: width),
            // The user's messages are shown as they were typed.
            asSource: message.role != .assistant || state.screen.showsSource, isGrowing: isGrowing)
        guard state.screen.showsProbabilities, let entry = state.session.tokens[message.id] else { return lines }
        return state.screen.tints.tinted(lines, of: message, entry, width: width)
    }

    func options(width: Int) -> MarkdownLayout.Options {
        .init(width: width, showsAddresses: !state.screen.terminalFollowsLinks)
    }

    /// A reply that has not begun: its model's name and a caret.
    func placeholder(for reply: RunningReply) -> [StyledLine] {
        var lines = [StyledLine(Wrapping.truncate(state.displayName(of: reply.model), width: width), .assistant)]
        addCaret(to: &lines)
        return lines + [StyledLine()]
    }

    /// After text, the caret has the colours of that text: other colours would be a large part of the bytes that each
    /// drawing sends to the terminal.
    private func addCaret(to lines: inout [StyledLine]) {
        let caret = "▍"
        if lines.count > 1, let last = lines.last, last.width < width, last.spans.last?.role != .codeBlock {
            lines[lines.count - 1].spans.append(.init(caret, last.spans.last?.role ?? .text))
        } else {
            lines.append(StyledLine(caret, .accent))
        }
    }

    private func headline(of message: Message, _ entry: Transcript.Entry, isGrowing: Bool) -> StyledLine {
        let name = state.speaker(of: message)
        var details: [String] = []
        if isGrowing {
            // The status line has the figures that change with every token.
        } else if let stats = message.origin?.stats, stats.generatedTokens > 0 {
            details = [Format.count(stats.generatedTokens, "token"), Format.rate(stats.tokensPerSecond)].compactMap(
                \.self)
            if stats.firstTokenSeconds > 0 {
                details.append("first token \(Format.seconds(stats.firstTokenSeconds))")
            }
            if let cost = stats.cost { details.append(CostText.dollars(cost.dollars)) }
        } else {
            details = [Format.time(message.created, in: state.screen.timeZone)]
        }
        if let control = entry.control { details.insert(control, at: 0) }
        return .justified(
            StyledLine(Sanitizer.visible(name), message.role == .assistant ? .assistant : .user),
            parts: details, role: .stats, width: width)
    }
}

extension StopReason {
    /// Why a reply ended, in a few words; nil if it ended as usual.
    var ending: String? {
        switch self {
        case .endOfTurn, .stopText: nil
        case .tokenLimit: "token limit"
        case .contextFull: "context full"
        case .repetition: "stopped: repetition"
        case .cancelled: "stopped"
        case .interrupted: "interrupted"
        case .refused: "declined"
        case .paused: "paused"
        }
    }
}

extension StyledLine {
    /// `left` and, at the right edge, as many of `parts` as fit, joined by dots; the last ones are left out first.
    static func justified(_ left: StyledLine, parts: [String], role: StyleRole, width: Int) -> StyledLine {
        var parts = parts
        while !parts.isEmpty {
            let right = parts.joined(separator: " · ")
            let gap = width - left.width - DisplayWidth.of(Sanitizer.visible(right))
            if gap >= 2 {
                var line = left
                line.append(String(repeating: " ", count: gap), .text)
                line.append(right, role)
                return line
            }
            parts.removeLast()
        }
        return left.width <= width ? left : StyledLine(Wrapping.truncate(left.text, width: width), left.spans[0].role)
    }
}
