import Chat
import Foundation

/// What an event has added to a reply, as text of plain mode. Text is printed word by word.
enum PlainReplyReport {
    /// Seconds after which progress is reported, and between two reports.
    private static let patience: TimeInterval = 2
    private static let progressInterval: TimeInterval = 5

    static func changes(from before: AppState, to after: AppState) -> [PlainText] {
        var pieces: [PlainText] = []
        if let ended = before.session.reply, ended.id != after.session.reply?.id {
            pieces += end(of: ended, before, after)
        }
        guard let reply = after.session.reply else { return pieces }
        let old = before.session.reply?.id == reply.id ? before.session.reply : nil
        if old == nil { pieces += start(of: reply, before, after) }
        if let message = message(of: reply, in: after) {
            return pieces + growth(of: message, reply, old, before, after, isComplete: false)
        }
        return pieces + progress(of: reply, old, before, after)
    }

    /// The beginning of a reply that continues from tokens of another one, which has not been printed yet.
    private static func start(of reply: RunningReply, _ before: AppState, _ after: AppState) -> [PlainText] {
        guard let beginning = reply.continued, before.session.record.conversation[beginning.id] == nil else {
            return []
        }
        return [.line("\(after.speaker(of: beginning)): \(beginning.content)")]
    }

    /// What is new in the text and the reasoning.
    ///
    /// - Parameters:
    ///   - reply: the reply after the event, or before it if the event has ended the reply.
    ///   - old: the reply before the event; nil if it began with the event.
    private static func growth(
        of message: Message, _ reply: RunningReply, _ old: RunningReply?, _ before: AppState, _ after: AppState,
        isComplete: Bool
    ) -> [PlainText] {
        let known = old.flatMap { self.message(of: $0, in: before) } ?? reply.continued
        var pieces: [PlainText] = []
        if !after.screen.reasoning.isHidden {
            let wasThinking = old?.isThinking ?? false
            let isThinking = !isComplete && reply.isThinking
            let isOpen = after.isReasoningOpen(in: message.id)
            if isThinking, !wasThinking { pieces.append(.line(isOpen ? "Reasoning:" : "Thinking …")) }
            if isOpen, isThinking || wasThinking {
                let printed = PrintedText(known?.reasoning, of: reply.continued?.reasoning)
                pieces += printed.rest(of: message.reasoning ?? "", isComplete: !isThinking)
            }
            if wasThinking, !isThinking {
                let title = after.reasoningTitle(of: message, isGrowing: !isComplete)
                pieces.append(.line("\(title.capitalizedFirst)."))
            }
        }
        let printed = PrintedText(known?.content, of: reply.continued?.content)
        let text = printed.rest(of: message.content, isComplete: isComplete)
        if !text.isEmpty, printed.isEmpty {
            let model = after.displayName(of: reply.model)
            pieces.append(.start(reply.continued == nil ? "\(model): " : "\(model) continues: "))
        }
        return pieces + text
    }

    private static func end(of reply: RunningReply, _ before: AppState, _ after: AppState) -> [PlainText] {
        // A reply that ended before its first word can have become a message only now.
        let latest = after.session.record.conversation.messages.last
        let isNew = latest.map { before.session.record.conversation[$0.id] == nil } ?? false
        let message = message(of: reply, in: after) ?? (isNew ? latest : nil)
        guard let message, message.role == .assistant else { return [.line("No reply was generated.")] }
        var pieces = growth(of: message, reply, reply, before, after, isComplete: true)
        if message.content.isEmpty { pieces.append(.line("\(after.displayName(of: reply.model)): (no answer)")) }
        // If nothing was added to a continued reply, its statistics have been printed before.
        if let old = reply.continued, old.content == message.content, old.reasoning == message.reasoning {
            return pieces
        }
        return pieces + [.line("[\(statistics(of: message, in: after))]")]
    }

    private static func message(of reply: RunningReply, in state: AppState) -> Message? {
        reply.message.flatMap { state.session.record.conversation[$0] }
    }

    private static func statistics(of message: Message, in state: AppState) -> String {
        guard let stats = message.origin?.stats else { return "end of the reply" }
        var parts = [Format.count(stats.generatedTokens, "token")]
        if let rate = Format.rate(stats.tokensPerSecond) { parts.append(rate) }
        if stats.firstTokenSeconds > 0 { parts.append("first token after \(Format.seconds(stats.firstTokenSeconds))") }
        if let cost = stats.cost { parts.append(CostText.dollars(cost.dollars)) }
        if let ending = stats.stop.ending { parts.append(ending) }
        let siblings = state.session.record.conversation.siblings(of: message.id)
        if siblings.count > 1, let index = siblings.firstIndex(where: { $0.id == message.id }) {
            parts.append("alternative \(index + 1) of \(siblings.count)")
        }
        return parts.joined(separator: ", ")
    }

    /// What the reply is waiting for, now and then.
    private static func progress(
        of reply: RunningReply, _ old: RunningReply?, _ before: AppState, _ after: AppState
    ) -> [PlainText] {
        func interval(_ now: ContinuousClock.Instant) -> Double {
            max(-1, ((now.seconds(since: reply.started) - patience) / progressInterval).rounded(.down))
        }
        guard let progress = after.progress(of: reply), interval(after.instant) >= 0,
            interval(after.instant) > interval(before.instant) || old.flatMap(before.progress) == nil
        else { return [] }
        return [.line("\(progress.capitalizedFirst).")]
    }
}

/// How much of a growing text has been printed: up to the end of its last complete word.
private struct PrintedText {
    private let start: Int
    private let end: Int

    /// - Parameters:
    ///   - text: the text when it was printed.
    ///   - beginning: the part of it that was there before the reply.
    init(_ text: String?, of beginning: String?) {
        start = beginning?.utf8.count ?? 0
        end = max(start, text.map { Self.words(of: $0.utf8) } ?? 0)
    }

    var isEmpty: Bool { end == start }

    /// What of a text that has grown can be printed now: complete words, or everything if it is complete.
    func rest(of text: String, isComplete: Bool) -> [PlainText] {
        let new = text.utf8.dropFirst(end)
        let words = isComplete ? new : new.prefix(Self.words(of: new))
        return words.isEmpty ? [] : [.more(String(decoding: words, as: UTF8.self))]
    }

    /// The number of bytes up to the last blank or line break.
    private static func words(of text: some BidirectionalCollection<UInt8>) -> Int {
        text.lastIndex { $0 == 0x20 || $0 == 0x0A }.map { text.distance(from: text.startIndex, to: $0) + 1 } ?? 0
    }
}

extension RunningReply {
    fileprivate var isThinking: Bool { reasoningStarted != nil && reasoningEnded == nil }
}
