import TUI

/// A search in what was sent before, narrowed down as one types.
struct HistorySearch: Sendable, Equatable {
    var query = ""
    /// Which entry of the history is shown; nil where none holds the query.
    var found: Int?
}

enum HistoryAction: Sendable, Equatable {
    /// Also begins the search.
    case older
    case newer
    case shorten
    case take, cancel
}

extension AppState {
    mutating func perform(_ action: HistoryAction) {
        guard var search = composer.historySearch else {
            let latest = composer.history.entries.indices.last
            if latest == nil { notify(.info, "nothing has been sent yet") }
            composer.historySearch = latest.map { HistorySearch(found: $0) }
            return
        }
        switch action {
        // At the last one that holds the query it stays.
        case .older: search.found = entry(search, before: search.found ?? 0) ?? search.found
        case .newer:
            search.found = search.found.flatMap {
                composer.history.entry(holding: search.query, from: $0, forward: true) ?? search.found
            }
        case .shorten:
            if !search.query.isEmpty { search.query.removeLast() }
            search.found = entry(search, before: composer.history.entries.count)
        case .take: return takeFound(search)
        case .cancel:
            composer.historySearch = nil
            return
        }
        composer.historySearch = search
    }

    /// Characters go to the query; every other key takes what was found and then does what it does.
    mutating func pressInHistory(_ key: Key) -> [Effect] {
        guard var search = composer.historySearch else { return [] }
        switch key {
        case .character(let character): search.query.append(character)
        case .paste(let text): search.query += text.prefix { !$0.isNewline }.prefix(200)
        default:
            takeFound(search)
            return press(key)
        }
        // What is shown stays as long as it holds the query.
        search.found = entry(search, before: search.found.map { $0 + 1 } ?? composer.history.entries.count)
        composer.historySearch = search
        return []
    }

    private func entry(_ search: HistorySearch, before index: Int) -> Int? {
        composer.history.entry(holding: search.query, from: index)
    }

    private mutating func takeFound(_ search: HistorySearch) {
        composer.historySearch = nil
        guard let found = search.found, let text = composer.history.show(found, insteadOf: composer.input.text) else {
            return
        }
        composer.input.setText(text)
    }
}
