import Chat

/// A message of the shown branch can be selected: keys then act on it instead of on the draft.
extension AppState {
    /// The selected message's position in the transcript.
    var selectedEntry: Int? { reading.selection.flatMap(session.transcript.position) }

    var selectedMessage: Message? { reading.selection.flatMap { session.record.conversation[$0] } }

    /// Selects the previous or next message; if none is selected, one that is visible. After the last comes the input.
    mutating func moveSelection(_ step: Int) {
        let last = session.transcript.entries.count - 1
        guard last >= 0 else { return }
        let next: Int
        if let selectedEntry {
            next = selectedEntry + step
        } else {
            let inSight = ConversationLayout(self).visibleEntries.clamped(to: 0..<last + 1)
            next = step < 0 ? (inSight.last ?? last) : (inSight.first ?? 0)
        }
        if next > last {
            deselect()
            reading.scroll = .following
        } else {
            selectEntry(max(0, next))
        }
    }

    /// Returns to the input, which also ends a search.
    mutating func deselect() {
        reading.selection = nil
        endSearch()
    }

    mutating func selectEntry(_ entry: Int) {
        reading.selection = session.transcript.entries[entry].id
        revealEntry(entry)
    }

    /// Keeps a message selected after the branch has changed: the same one, else the one in its position.
    mutating func reselect(near entry: Int) {
        session.transcript.follow(session.record.conversation)
        let last = session.transcript.entries.count - 1
        guard selectedEntry == nil, last >= 0 else {
            if last < 0 { reading.selection = nil }
            return
        }
        selectEntry(max(0, min(entry, last)))
    }
}
