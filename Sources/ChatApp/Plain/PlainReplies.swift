import Chat
import Foundation
import TUI

/// How a running reply, and a download, are told in lines.
extension PlainChat {
    struct Telling: Sendable {
        var reply: ReplyID
        var model: String
        var text: PlainStream
        var thoughts: PlainStream
        var hasLabel = false
        var saysThinking = false
        var saysThought = false
        var lastProgress: Date
    }

    /// Seconds after which it is said what goes on, and between two times.
    private static let patience: TimeInterval = 2
    private static let progressInterval: TimeInterval = 5

    mutating func tellReply(since before: AppState) {
        if let old = before.session.reply, old.id != state.session.reply?.id { finishTelling(old, since: before) }
        guard let reply = state.session.reply else { return }
        if telling?.reply != reply.id {
            let known = reply.message.flatMap { state.session.record.conversation[$0] }
            telling = Telling(
                reply: reply.id, model: state.displayName(of: reply.model),
                text: PlainStream(written: known?.content.utf8.count ?? 0),
                thoughts: PlainStream(written: known?.reasoning?.utf8.count ?? 0), lastProgress: reply.started)
        }
        if let message = reply.message.flatMap({ state.session.record.conversation[$0] }) {
            tell(message, reply, isWhole: false)
        } else {
            tellProgress(of: reply)
        }
    }

    private mutating func tell(_ message: Message, _ reply: RunningReply, isWhole: Bool) {
        guard var telling else { return }
        defer { self.telling = telling }
        if reply.reasoningStarted != nil, !state.screen.reasoning.isHidden {
            let isShown = state.isReasoningOpen(in: message.id)
            if !telling.saysThinking {
                telling.saysThinking = true
                output.line(isShown ? "Thoughts:" : "Thinking …")
            }
            if isShown {
                output.append(
                    telling.thoughts.next(
                        of: message.reasoning ?? "", isWhole: isWhole || reply.reasoningEnded != nil))
            }
            if !telling.saysThought, isWhole || reply.reasoningEnded != nil {
                telling.saysThought = true
                output.line("\(state.reasoningTitle(of: message, isGrowing: !isWhole)).".sentence)
            }
        }
        let new = telling.text.next(of: message.content, isWhole: isWhole)
        guard !new.isEmpty else { return }
        if !telling.hasLabel {
            telling.hasLabel = true
            output.endLine()
            output.append(reply.continued == nil ? "\(telling.model): " : "\(telling.model) goes on: ")
        }
        output.append(new)
    }

    private mutating func finishTelling(_ reply: RunningReply, since before: AppState) {
        guard let telling, telling.reply == reply.id else { return }
        // One that ended before its first word may have become a message only now.
        let latest = state.session.record.conversation.messages.last
        let known = reply.message ?? latest.flatMap { before.session.record.conversation[$0.id] == nil ? $0.id : nil }
        guard let message = known.flatMap({ state.session.record.conversation[$0] }), message.role == .assistant else {
            self.telling = nil
            output.line("No reply was written.")
            return
        }
        tell(message, reply, isWhole: true)
        if message.content.isEmpty { output.line("\(telling.model): (no answer)") }
        self.telling = nil
        // One that was gone on with, and to which nothing was added, has told how it went.
        if let old = reply.continued, old.content == message.content, old.reasoning == message.reasoning { return }
        output.line("[\(state.plainFigures(of: message))]")
    }

    mutating func tellDownload(since before: AppState) {
        guard let download = state.library.download else {
            lastDownloadProgress = nil
            if before.library.download != nil, state.library.soughtModel != nil { output.line("The model is here.") }
            return
        }
        let last = lastDownloadProgress ?? .distantPast
        guard
            before.library.download?.isChecking != download.isChecking
                || state.now.timeIntervalSince(last) >= Self.progressInterval
        else { return }
        lastDownloadProgress = state.now
        output.line("\(download.text(now: state.now, separator: ", ")).".sentence)
    }

    private mutating func tellProgress(of reply: RunningReply) {
        let now = state.now
        guard now.timeIntervalSince(reply.started) >= Self.patience, var telling,
            now.timeIntervalSince(telling.lastProgress) >= Self.progressInterval
                || telling.lastProgress == reply.started
        else { return }
        guard let progress = state.progress(of: reply) else { return }
        telling.lastProgress = now
        self.telling = telling
        output.line("\(progress).".sentence)
    }
}

extension AppState {
    /// How a reply went, in words.
    fileprivate func plainFigures(of message: Message) -> String {
        guard let stats = message.origin?.stats else { return "end of the reply" }
        var parts = [Format.count(stats.generatedTokens, "token")]
        if let rate = Format.rate(stats.tokensPerSecond) { parts.append(rate) }
        if stats.firstTokenSeconds > 0 { parts.append("first token after \(Format.seconds(stats.firstTokenSeconds))") }
        if let ending = stats.stop.ending { parts.append(ending) }
        let siblings = session.record.conversation.siblings(of: message.id)
        if siblings.count > 1, let place = siblings.firstIndex(where: { $0.id == message.id }) {
            parts.append("reply \(place + 1) of \(siblings.count)")
        }
        return parts.joined(separator: ", ")
    }
}
