import Chat
import TUI

/// Searching the conversation: what is found is brought into view, and its message selected.
extension AppState {
    mutating func runSearchAction(_ action: SearchAction) -> [Effect] {
        switch action {
        case .begin: beginSearch()
        case .next(let step): findNext(step)
        case .otherBranch: return findElsewhere()
        case .accept: acceptSearch()
        case .cancel: cancelSearch()
        }
        return []
    }

    /// `/find [TEXT]`: goes to the first match, or opens the search field.
    mutating func find(_ text: String) -> [Effect] {
        beginSearch()
        guard !text.isEmpty else { return [] }
        editSearchField { $0.setText(text) }
        acceptSearch()
        return []
    }

    /// Goes to the first match of a text; on another branch, if the shown one has none.
    mutating func findOnAnyBranch(_ text: String) -> [Effect] {
        beginSearch()
        editSearchField { $0.setText(text) }
        if let search = reading.search, search.hits.isEmpty, !search.elsewhere.isEmpty { return findElsewhere() }
        acceptSearch()
        return []
    }

    private mutating func beginSearch() {
        guard !session.transcript.entries.isEmpty else {
            notify(.info, "There is nothing to search yet")
            return
        }
        reading.search = Search(
            origin: reading.scroll, firstInSight: ConversationLayout(self).visibleEntries.lowerBound)
    }

    /// Changes the text to search for, and shows the first match.
    mutating func editSearchField(_ change: (inout TextEditor) -> Void) {
        guard var search = reading.search else { return }
        let before = search.field.text
        change(&search.field)
        reading.search = search
        guard search.field.text != before else { return }
        lookUp()
        let hits = reading.search?.hits ?? []
        if hits.isEmpty {
            reading.search?.current = nil
            reading.scroll = search.origin
        } else {
            showMatch(0, of: hits.firstIndex { $0.entry >= search.firstInSight } ?? hits.count - 1)
        }
    }

    private mutating func lookUp() {
        reading.search?.lookUp(
            in: session.record.conversation, session.transcript, includesReasoning: !screen.reasoning.isHidden)
    }

    /// Shows the first match in the next message of another branch, wrapping around at the end.
    private mutating func findElsewhere() -> [Effect] {
        guard let before = reading.search else {
            findNext(1)
            return []
        }
        lookUp()
        guard let search = reading.search, let first = search.elsewhere.first else {
            if before.pattern != nil { notify(.info, "No other branch contains \"\(before.field.text)\"") }
            return []
        }
        let shown = before.current.map { before.hits[$0.hit].message }
        let here = session.record.conversation.messages.firstIndex { $0.id == shown } ?? -1
        let next = search.elsewhere.first { $0.position > here } ?? first
        reading.search?.isTyping = false
        let effects = showBranch(through: next.message)
        lookUp()
        if let hit = reading.search?.hits.firstIndex(where: { $0.message == next.message }) {
            showMatch(0, of: hit)
        }
        return effects
    }

    private mutating func findNext(_ step: Int) {
        guard let before = reading.search else {
            notify(.info, "Search first: press / or Ctrl-S")
            return
        }
        // A growing reply may have more matches by now; the current one is found again by its message.
        if session.reply != nil { lookUp() }
        guard let search = reading.search, !search.hits.isEmpty else { return }
        let old = before.current.map { (message: before.hits[$0.hit].message, ordinal: $0.ordinal) }
        if let next = old.flatMap({ search.match(step, after: $0) }) {
            showMatch(next.ordinal, of: next.hit)
        } else {
            let entry = selectedEntry ?? 0
            let hits = search.hits
            let nearest = step > 0 ? hits.firstIndex { $0.entry >= entry } : hits.lastIndex { $0.entry <= entry }
            showMatch(0, of: nearest ?? 0)
        }
    }

    /// Brings a match into view and, unless the text is still being typed, selects its message.
    private mutating func showMatch(_ ordinal: Int, of hit: Int) {
        guard let search = reading.search else { return }
        let entry = search.hits[hit].entry
        reading.search?.current = Search.Match(hit: hit, ordinal: ordinal)
        locateMatch()
        if !search.isTyping { reading.selection = search.hits[hit].message }
        if let position = reading.search?.current?.position {
            revealLine(position.line)
        } else {
            revealEntry(entry)
        }
    }

    /// Finds the current match in its message's layout. Matches in marks of the source may be missing there.
    mutating func locateMatch() {
        guard let search = reading.search, let current = search.current, let pattern = search.pattern else { return }
        let view = ConversationLayout(self)
        let hit = search.hits[current.hit]
        var matches = pattern.matches(in: view.body(of: hit.entry))
        // The line above the reasoning is not part of the message.
        if showsReasoningTitle(of: hit.message) { matches.removeAll { $0.parts.first?.line == 0 } }
        let ordinal = showsReasoning(of: hit.message) ? current.ordinal : current.ordinal - hit.inReasoning
        let start = matches.isEmpty ? nil : matches[max(0, min(ordinal, matches.count - 1))].parts.first
        reading.search?.current?.position = start.map {
            var start = $0
            start.line += 1
            return Search.Position(entry: hit.entry, width: view.width, start: start)
        }
    }

    private mutating func acceptSearch() {
        guard let search = reading.search else { return }
        guard search.pattern != nil, let current = search.current else {
            if let pattern = search.pattern {
                let advice = search.more > 0 ? " in this branch. Tab goes to the branch that has it" : ""
                notify(.info, "No match for \"\(pattern.text)\"\(advice)")
            }
            if search.more == 0 { cancelSearch() }
            return
        }
        reading.search?.isTyping = false
        reading.selection = search.hits[current.hit].message
    }

    private mutating func cancelSearch() {
        if let search = reading.search, search.isTyping { reading.scroll = search.origin }
        endSearch()
    }

    /// Reasoning that was opened for a match folds again; its message stays visible.
    mutating func endSearch() {
        let opened = reading.search?.opened.flatMap(session.transcript.position)
        let isTyping = reading.search?.isTyping == true
        reading.search = nil
        if let opened, !isTyping { revealEntry(opened) }
    }

    /// Updates a search after the branch has changed.
    mutating func refreshSearch() {
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
