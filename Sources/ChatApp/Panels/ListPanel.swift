import TUI

/// A list to choose from, narrowed down as one types.
struct ListPanel: Sendable {
    var source: ListSource
    var filter = TextEditor()
    /// Among the entries that are left.
    var selected = 0
}

/// One thing to choose.
struct ListEntry: Sendable {
    var title: String
    /// Shown at the right.
    var details: [String] = []
    /// Why it cannot be chosen, in one line; nil when it can.
    var problem: String?
    /// Whether it is the one in use.
    var isCurrent = false
    var choice: Choice
    /// Characters of the title that the filter met.
    var matches: Set<Int> = []
}

extension AppState {
    /// The entries that the filter leaves, the best match first.
    func entries(of list: ListPanel) -> [ListEntry] {
        let all = list.source.entries(self)
        let filter = list.filter.text
        guard !filter.isEmpty else { return all }
        let scored = all.compactMap { entry -> (entry: ListEntry, score: Int)? in
            if let match = FuzzyMatch(filter, in: entry.title) {
                var entry = entry
                entry.matches = match.positions
                return (entry, match.score)
            }
            // Details are met only as they stand: letters strewn over them would match nearly everything.
            let details = entry.details.joined(separator: " ").lowercased()
            return details.contains(filter.lowercased()) ? (entry, -1000) : nil
        }
        return scored.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element.entry)
    }

    mutating func press(_ key: Key, in list: ListPanel) -> [Effect] {
        var list = list
        let entries = entries(of: list)
        let page = max(1, PanelLayout(size).rows.height - 2)
        switch key {
        case .up, .wheelUp: list.selected -= 1
        case .down, .wheelDown: list.selected += 1
        case .pageUp: list.selected -= page
        case .pageDown: list.selected += page
        case .home: list.selected = 0
        case .end: list.selected = entries.count - 1
        case .enter:
            guard entries.indices.contains(list.selected) else { return [] }
            return choose(entries[list.selected])
        case .character(let character): list.narrow { $0.insert(String(character)) }
        case .paste(let text): list.narrow { $0.insert(String(text.prefix { !$0.isNewline })) }
        default:
            if case .edit(let command)? = KeyMap.action(for: key, in: .input), command != .newLine {
                list.narrow { $0.perform(command) }
            }
        }
        list.selected = max(0, min(list.selected, self.entries(of: list).count - 1))
        panel = .list(list)
        return []
    }

    private mutating func choose(_ entry: ListEntry) -> [Effect] {
        if let problem = entry.problem {
            notify(.warning, "\(entry.title): \(problem)")
            return []
        }
        panel = nil
        return choose(entry.choice)
    }
}

extension ListPanel {
    /// Changes the filter; what is chosen starts again at the top where that changes the list.
    fileprivate mutating func narrow(_ change: (inout TextEditor) -> Void) {
        let before = filter.text
        change(&filter)
        if filter.text != before { selected = 0 }
    }
}
