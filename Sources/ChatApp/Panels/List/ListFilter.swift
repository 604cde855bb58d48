import TUI

/// The entries that match a filter.
struct ListFilter {
    private let text: String
    private let words: [Substring]

    init(_ text: String) {
        self.text = text[...].trimmed.lowercased()
        words = self.text.split(whereSeparator: \.isWhitespace)
    }

    /// The part of an entry that matched, from the least important to the most.
    private enum Part: Int {
        case details
        case title
        /// The beginning of a name, or all of it.
        case beginning, name
    }

    /// The best match first; all in their order if the filter is empty.
    func narrow(_ entries: [ListEntry]) -> [ListEntry] {
        guard !text.isEmpty else { return entries }
        let matches = entries.enumerated().compactMap { index, entry in match(entry).map { (index, $0) } }
        return matches.sorted { left, right in
            (right.1.part.rawValue, right.1.score, left.0) < (left.1.part.rawValue, left.1.score, right.0)
        }.map(\.1.entry)
    }

    private func match(_ entry: ListEntry) -> (entry: ListEntry, part: Part, score: Int)? {
        let names = ([entry.title] + entry.aliases).map { $0.lowercased() }
        let title = entry.title.lowercased()
        let hasWords = !entry.isSentence || words.allSatisfy { title.contains($0) }
        let match = hasWords ? FuzzyMatch(text, in: entry.title) : nil
        var entry = entry
        entry.matches = match?.positions ?? []
        if names.contains(text) { return (entry, .name, 0) }
        if let name = names.filter({ $0.hasPrefix(text) }).min(by: { $0.count < $1.count }) {
            return (entry, .beginning, -name.count)
        }
        if let match { return (entry, .title, match.score) }
        // Whole words only: scattered letters would match nearly everything.
        let rest = ([title, entry.suffix, entry.kind ?? ""] + entry.details).joined(separator: " ").lowercased()
        return words.allSatisfy { rest.contains($0) } ? (entry, .details, 0) : nil
    }
}
