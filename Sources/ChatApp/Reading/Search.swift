import Chat
import TUI

/// A search in the shown branch. It covers the source of all messages and reasoning; only the match that is shown is
/// laid out. Other branches are searched too, to show that there is more.
struct Search: Sendable {
    /// The text to search for, while it is being typed.
    var field = TextEditor()
    var isTyping = true
    var hits: [Hit] = []
    /// Messages of other branches with matches, in the order they were written.
    var elsewhere: [(message: Message.ID, position: Int, count: Int)] = []
    /// The match that is shown.
    var current: Match?
    /// What was visible when the search began.
    let origin: Scroll
    let firstInSight: Int

    /// A message with matches.
    struct Hit: Sendable, Equatable {
        var message: Message.ID
        var entry: Int
        /// How many matches it has.
        var count: Int
        /// How many of them, the first ones, are in its reasoning.
        var inReasoning: Int
    }

    struct Match: Sendable, Equatable {
        /// An index of `hits`.
        var hit: Int
        /// Which of the message's matches it is, from 0.
        var ordinal: Int
        /// The match in the message's layout at a width; nil if it cannot be seen there.
        var position: Position?
    }

    struct Position: Sendable, Equatable {
        var entry: Int
        var width: Int
        var start: TextPattern.LineMatch.Part

        /// The line to scroll to.
        var line: Scroll.Position { Scroll.Position(entry: entry, line: start.line) }
    }

    var pattern: TextPattern? { TextPattern(field.text) }
    var total: Int { hits.reduce(0) { $0 + $1.count } }

    /// Matches on other branches.
    var more: Int { elsewhere.reduce(0) { $0 + $1.count } }

    /// The message whose reasoning contains the shown match: it is open as long as the match is shown.
    var opened: Message.ID? {
        current.flatMap { $0.ordinal < hits[$0.hit].inReasoning ? hits[$0.hit].message : nil }
    }

    /// Which of all matches is shown, from 1.
    var position: Int? { current.map { hits[..<$0.hit].reduce($0.ordinal + 1) { $0 + $1.count } } }

    /// Searches the source of every message. Hidden reasoning is left out.
    mutating func lookUp(in conversation: Conversation, _ transcript: Transcript, includesReasoning: Bool) {
        hits = []
        elsewhere = []
        guard let pattern else { return }
        func counts(_ message: Message) -> (all: Int, inReasoning: Int) {
            let reasoning = includesReasoning ? message.reasoning : nil
            let inReasoning = reasoning.map { pattern.ranges(in: $0).count } ?? 0
            return (inReasoning + pattern.ranges(in: message.content).count, inReasoning)
        }
        hits = transcript.entries.enumerated().compactMap { number, entry in
            guard let counts = conversation[entry.id].map(counts), counts.all > 0 else { return nil }
            return Hit(message: entry.id, entry: number, count: counts.all, inReasoning: counts.inReasoning)
        }
        guard conversation.messages.count > transcript.entries.count else { return }
        elsewhere = conversation.messages.enumerated().compactMap { position, message in
            guard transcript.position(of: message.id) == nil else { return nil }
            let count = counts(message).all
            return count > 0 ? (message.id, position, count) : nil
        }
    }

    /// The match that is `step` matches after one of a message, wrapping around at the ends; nil if the message has
    /// none any more.
    func match(_ step: Int, after old: (message: Message.ID, ordinal: Int)) -> Match? {
        guard var hit = hits.firstIndex(where: { $0.message == old.message }) else { return nil }
        var ordinal = old.ordinal + step
        while ordinal < 0 {
            hit = (hit + hits.count - 1) % hits.count
            ordinal += hits[hit].count
        }
        while ordinal >= hits[hit].count {
            ordinal -= hits[hit].count
            hit = (hit + 1) % hits.count
        }
        return Match(hit: hit, ordinal: ordinal)
    }
}

/// What keys do in a search.
enum SearchAction: Sendable, Equatable {
    case begin
    /// That many matches further, wrapping around at the ends.
    case next(Int)
    /// To a match on another branch.
    case otherBranch
    case accept, cancel
}
