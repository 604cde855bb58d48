import TUI

/// A search in the input history that narrows as the user types.
struct HistorySearch: Sendable, Equatable {
    var query = ""
    /// The entry of the history that is shown; nil if none contains the query.
    var found: Int?
}

enum HistoryAction: Sendable, Equatable {
    /// To the previous match. Also starts the search.
    case older
    case newer
    /// Removes the query's last character.
    case shorten
    case take, cancel
}

extension Composer {
    /// Starts a search at the latest entry.
    ///
    /// - Returns: false if the history is empty.
    fileprivate mutating func beginHistorySearch() -> Bool {
        historySearch = history.entries.indices.last.map { HistorySearch(found: $0) }
        return historySearch != nil
    }

    fileprivate mutating func runHistoryAction(_ action: HistoryAction) {
        guard var search = historySearch else { return }
        switch action {
        // At the oldest match it stays.
        case .older: search.found = match(search, before: search.found ?? 0) ?? search.found
        case .newer:
            search.found = search.found.flatMap {
                history.entry(holding: search.query, from: $0, forward: true) ?? search.found
            }
        case .shorten:
            if !search.query.isEmpty { search.query.removeLast() }
            search.found = match(search, before: history.entries.count)
        case .take: return takeHistoryMatch()
        case .cancel:
            historySearch = nil
            return
        }
        historySearch = search
    }

    /// Adds to the query. The entry that is shown stays as long as it matches.
    fileprivate mutating func extendHistoryQuery(_ text: some StringProtocol) {
        guard var search = historySearch else { return }
        search.query += text
        search.found = match(search, before: search.found.map { $0 + 1 } ?? history.entries.count)
        historySearch = search
    }

    private func match(_ search: HistorySearch, before index: Int) -> Int? {
        history.entry(holding: search.query, from: index)
    }

    /// Puts the entry that was found into the input.
    fileprivate mutating func takeHistoryMatch() {
        let found = historySearch?.found
        historySearch = nil
        guard let found, let text = history.show(found, insteadOf: input.text) else { return }
        input.setText(text)
    }
}

extension AppState {
    mutating func runHistoryAction(_ action: HistoryAction) {
        if composer.historySearch != nil {
            composer.runHistoryAction(action)
        } else if !composer.beginHistorySearch() {
            notify(.info, "Nothing has been sent yet")
        }
    }

    /// Characters extend the query; any other key takes the match and then does what it does in the input.
    mutating func performKeyInHistorySearch(_ key: Key) -> [Effect] {
        switch key {
        case .character(let character): composer.extendHistoryQuery(String(character))
        case .paste(let text): composer.extendHistoryQuery(text.prefix { !$0.isNewline }.prefix(200))
        default:
            composer.takeHistoryMatch()
            return performKey(key)
        }
        return []
    }
}
