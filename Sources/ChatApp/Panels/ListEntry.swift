import TUI

/// One thing to choose.
struct ListEntry: Sendable {
    /// What sort of thing it is, where the list holds several.
    var kind: String?
    var title: String
    /// The most important first: the last give way where there is little room.
    var details: [String] = []
    /// Why it cannot be chosen, in one line; nil when it can.
    var problem: String?
    /// Whether it is the one in use.
    var isCurrent = false
    var choice: Choice
    /// Characters of the title that the filter met.
    var matches: Set<Int> = []
    /// What was found in it, for a full-text search.
    var excerpt: String?
}

/// Entries as a filter leaves them.
enum ListFilter {
    /// The best match first; as they were where there is nothing to filter by.
    static func narrow(_ entries: [ListEntry], by filter: String) -> [ListEntry] {
        let filter = filter.drop(while: \.isWhitespace)
        guard !filter.isEmpty else { return entries }
        let scored = entries.compactMap { entry -> (entry: ListEntry, score: Int)? in
            if let match = FuzzyMatch(String(filter), in: entry.title) {
                var entry = entry
                entry.matches = match.positions
                return (entry, match.score)
            }
            // Details are met only as they stand: letters strewn over them would match nearly everything.
            let words = filter.lowercased().split(separator: " ")
            let details = ([entry.title, entry.kind ?? ""] + entry.details).joined(separator: " ").lowercased()
            return words.allSatisfy { details.contains($0) } ? (entry, detailScore) : nil
        }
        return scored.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element.entry)
    }

    /// Below that of any match in a title.
    private static let detailScore = -1000
}
