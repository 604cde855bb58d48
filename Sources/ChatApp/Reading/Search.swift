import Chat
import TUI

/// A search in the shown branch. The source of messages and thoughts is searched, all of it; laid out is only what is
/// then shown. Other branches are searched too, to tell that there is more.
struct Search: Sendable {
    /// What is looked for, as it is being written.
    var field = TextEditor()
    var isTyping = true
    var hits: [Hit] = []
    /// Messages of other branches with matches, in the order in which they were written.
    var elsewhere: [(message: Message.ID, place: Int, count: Int)] = []
    /// The match that is shown.
    var current: Match?
    /// What was in sight when the search began.
    let origin: Scroll
    let firstInSight: Int

    /// A message with matches.
    struct Hit: Sendable, Equatable {
        var message: Message.ID
        var entry: Int
        /// How many matches it has.
        var count: Int
        /// How many of them, the first ones, are in what was thought before it.
        var inThoughts: Int
    }

    struct Match: Sendable, Equatable {
        /// Of `hits`.
        var hit: Int
        /// Which of its matches, from 0.
        var ordinal: Int
        /// The match in the message's layout at a width; nil where it is not to be seen there.
        var place: Place?
    }

    struct Place: Sendable, Equatable {
        var entry: Int
        var width: Int
        var start: TextPattern.LineMatch.Part

        /// Where the conversation is scrolled to for it.
        var line: Scroll.Place { Scroll.Place(entry: entry, line: start.line) }
    }

    var pattern: TextPattern? { TextPattern(field.text) }
    var total: Int { hits.reduce(0) { $0 + $1.count } }

    /// Matches on other branches.
    var more: Int { elsewhere.reduce(0) { $0 + $1.count } }

    /// The message whose thoughts the shown match is in: they are open as long as it is.
    var opened: Message.ID? {
        current.flatMap { $0.ordinal < hits[$0.hit].inThoughts ? hits[$0.hit].message : nil }
    }

    /// Which match is shown, from 1, among all of them.
    var position: Int? { current.map { hits[..<$0.hit].reduce($0.ordinal + 1) { $0 + $1.count } } }
}

/// What keys do in a search.
enum SearchAction: Sendable, Equatable {
    case begin
    /// So many matches further, round at the ends.
    case next(Int)
    /// To a match on another branch.
    case otherBranch
    case accept, cancel
}

extension AppState {
    mutating func perform(_ action: SearchAction) -> [Effect] {
        switch action {
        case .begin: beginSearch()
        case .next(let step): return findNext(step)
        case .otherBranch: return findElsewhere()
        case .accept: acceptSearch()
        case .cancel: cancelSearch()
        }
        return []
    }

    /// `/find`: with a text to its first match, without one to the field where it is written.
    mutating func find(_ text: String) -> [Effect] {
        beginSearch()
        guard !text.isEmpty else { return [] }
        searchField { $0.setText(text) }
        acceptSearch()
        return []
    }

    private mutating func beginSearch() {
        guard !session.transcript.entries.isEmpty else {
            notify(.info, "there is nothing to search yet")
            return
        }
        reading.search = Search(
            origin: reading.scroll, firstInSight: ConversationLayout(self).entriesInSight.lowerBound)
    }

    /// Changes what is looked for; the window follows to the first match.
    mutating func searchField(_ change: (inout TextEditor) -> Void) {
        guard var search = reading.search else { return }
        let before = search.field.text
        change(&search.field)
        self.reading.search = search
        guard search.field.text != before else { return }
        lookUp()
        let hits = self.reading.search?.hits ?? []
        if hits.isEmpty {
            self.reading.search?.current = nil
            reading.scroll = search.origin
        } else {
            show(match: 0, of: hits.firstIndex { $0.entry >= search.firstInSight } ?? hits.count - 1)
        }
    }

    /// Searches the source of every message.
    private mutating func lookUp() {
        reading.search?.hits = []
        reading.search?.elsewhere = []
        guard let pattern = reading.search?.pattern else { return }
        func counts(_ message: Message) -> (all: Int, inThoughts: Int) {
            let reasoning = session.thoughts.areHidden ? nil : message.reasoning
            let inThoughts = reasoning.map { pattern.ranges(in: $0).count } ?? 0
            return (inThoughts + pattern.ranges(in: message.content).count, inThoughts)
        }
        reading.search?.hits = session.transcript.entries.enumerated().compactMap { number, entry in
            guard let counts = session.record.conversation[entry.id].map(counts), counts.all > 0 else { return nil }
            return Search.Hit(message: entry.id, entry: number, count: counts.all, inThoughts: counts.inThoughts)
        }
        let all = session.record.conversation.messages
        guard all.count > session.transcript.entries.count else { return }
        reading.search?.elsewhere = all.enumerated().compactMap { place, message in
            guard session.transcript.position(of: message.id) == nil else { return nil }
            let count = counts(message).all
            return count > 0 ? (message.id, place, count) : nil
        }
    }

    /// Shows the next message of another branch with a match, round at the end, and its first match.
    private mutating func findElsewhere() -> [Effect] {
        guard let before = reading.search else { return findNext(1) }
        lookUp()
        guard let search = reading.search, let first = search.elsewhere.first else {
            if before.pattern != nil { notify(.info, "no other branch holds \"\(before.field.text)\"") }
            return []
        }
        let shown = before.current.map { before.hits[$0.hit].message }
        let here = session.record.conversation.messages.firstIndex { $0.id == shown } ?? -1
        let next = search.elsewhere.first { $0.place > here } ?? first
        self.reading.search?.isTyping = false
        let effects = showBranch(through: next.message)
        lookUp()
        if let hit = self.reading.search?.hits.firstIndex(where: { $0.message == next.message }) {
            show(match: 0, of: hit)
        }
        return effects
    }

    private mutating func findNext(_ step: Int) -> [Effect] {
        guard let before = reading.search else {
            notify(.info, "search first: / or Ctrl-S")
            return []
        }
        // A reply that grows may hold more by now; the match is found again by its message.
        if session.reply != nil { lookUp() }
        guard let hits = reading.search?.hits, !hits.isEmpty else { return [] }
        let old = before.current.map { (message: before.hits[$0.hit].message, ordinal: $0.ordinal) }
        let here = old.flatMap { old in hits.firstIndex { $0.message == old.message } }
        guard let old, let here else {
            let place = selectedEntry ?? 0
            let nearest = step > 0 ? hits.firstIndex { $0.entry >= place } : hits.lastIndex { $0.entry <= place }
            show(match: 0, of: nearest ?? 0)
            return []
        }
        var hit = here
        var ordinal = old.ordinal + step
        while ordinal < 0 {
            hit = (hit + hits.count - 1) % hits.count
            ordinal += hits[hit].count
        }
        while ordinal >= hits[hit].count {
            ordinal -= hits[hit].count
            hit = (hit + 1) % hits.count
        }
        show(match: ordinal, of: hit)
        return []
    }

    /// Brings a match into sight and, where the field is closed, selects its message.
    private mutating func show(match ordinal: Int, of hit: Int) {
        guard let search = reading.search else { return }
        let entry = search.hits[hit].entry
        self.reading.search?.current = Search.Match(hit: hit, ordinal: ordinal)
        locateMatch()
        if !search.isTyping { reading.selection = search.hits[hit].message }
        if let place = self.reading.search?.current?.place {
            reveal(place.line)
        } else {
            reveal(entry)
        }
    }

    /// Finds the match that is shown in its message's layout. Where marks of the source are not to be seen there, it
    /// may be missing.
    mutating func locateMatch() {
        guard let search = reading.search, let current = search.current, let pattern = search.pattern else { return }
        let view = ConversationLayout(self)
        let hit = search.hits[current.hit]
        let entry = hit.entry
        var matches = pattern.matches(in: view.body(of: entry))
        // The line that tells of thoughts is no part of what was said.
        if showsThoughtsTitle(of: hit.message) { matches.removeAll { $0.parts.first?.line == 0 } }
        let ordinal = showsThoughts(of: hit.message) ? current.ordinal : current.ordinal - hit.inThoughts
        let start = matches.isEmpty ? nil : matches[max(0, min(ordinal, matches.count - 1))].parts.first
        self.reading.search?.current?.place = start.map {
            var start = $0
            start.line += 1
            return Search.Place(entry: entry, width: view.width, start: start)
        }
    }

    private mutating func acceptSearch() {
        guard let search = reading.search else { return }
        guard search.pattern != nil, let current = search.current else {
            if let pattern = search.pattern {
                let more = search.more > 0 ? "; others hold it: Tab goes there, /branch lists them" : ""
                notify(.info, "\"\(pattern.text)\" is not in this branch\(more)")
            }
            if search.more == 0 { cancelSearch() }
            return
        }
        self.reading.search?.isTyping = false
        reading.selection = search.hits[current.hit].message
    }

    private mutating func cancelSearch() {
        if let search = reading.search, search.isTyping { reading.scroll = search.origin }
        endSearch()
    }

    /// Thoughts that were open for a match fold again; what was said after them stays in sight.
    mutating func endSearch() {
        let opened = reading.search?.opened.flatMap(session.transcript.position)
        let isTyping = reading.search?.isTyping == true
        reading.search = nil
        if let opened, !isTyping { reveal(opened) }
    }

    /// Brings a search up to date with a branch that has changed.
    mutating func searchAgain() {
        guard let before = reading.search else { return }
        lookUp()
        let hits = reading.search?.hits ?? []
        let shown = before.current.map { before.hits[$0.hit].message }
        reading.search?.current = hits.firstIndex { $0.message == shown }.map { hit in
            Search.Match(hit: hit, ordinal: min(before.current?.ordinal ?? 0, hits[hit].count - 1))
        }
        locateMatch()
    }
}
