import Chat

extension SessionSummary {
    /// The session with an id, a title, the beginning of an id, or a part of a title, in this order and ignoring case.
    static func find(
        _ query: String, in all: [SessionSummary], kind: SessionError.Kind
    ) throws(SessionError) -> SessionSummary {
        let wanted = query.lowercased()
        let tests: [(SessionSummary) -> Bool] = [
            { $0.id.text == query },
            { $0.title.lowercased() == wanted },
            { $0.id.text.lowercased().hasPrefix(wanted) },
            { $0.title.lowercased().contains(wanted) },
        ]
        for test in tests where !query.isEmpty {
            let matches = all.filter(test)
            if matches.count == 1 { return matches[0] }
            if matches.count > 1 {
                throw .ambiguous(query: query, matches: matches.map { "\($0.title) (\($0.id))" })
            }
        }
        let suggestion = Spelling.nearest(to: query, among: all.map(\.title))
        throw .notFound(kind: kind, query: query, suggestion: suggestion)
    }
}
