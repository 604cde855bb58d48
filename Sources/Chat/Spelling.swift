/// Suggests corrections of mistyped names.
public enum Spelling {
    /// The known name with the fewest edits from `word`: at most two, and at most a third of its length. Ignores case.
    public static func nearest(to word: String, among known: [String]) -> String? {
        guard word.count <= 40 else { return nil }
        let limit = min(2, max(1, word.count / 3))
        return
            known
            .map { (name: $0, distance: distance(Array(word.lowercased()), Array($0.lowercased()))) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?
            .name
    }

    /// Up to three names that are alike or contain the word, the nearest first.
    public static func near(_ word: String, among known: [String]) -> [String] {
        let containing = known.filter { !word.isEmpty && ($0.lowercased().contains(word.lowercased())) }
        let nearest = nearest(to: word, among: known)
        return Array(([nearest].compactMap(\.self) + containing.filter { $0 != nearest }).prefix(3))
    }

    /// Levenshtein distance: insertions, deletions and replacements.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, min(row[j], row[j + 1]) + 1)
            }
        }
        return row[right.count]
    }
}
