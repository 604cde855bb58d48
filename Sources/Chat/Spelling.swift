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

    /// Insertions, deletions, replacements, and swaps of neighbours, each counted once ("shwo" is one away from "show").
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var edits = min(last[j] + (character == other ? 0 : 1), min(row[j], last[j + 1]) + 1)
                if i > 0, j > 0, character == right[j - 1], left[i - 1] == other {
                    edits = min(edits, beforeLast[j - 1] + 1)
                }
                row.append(edits)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
