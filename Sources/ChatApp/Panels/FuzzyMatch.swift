/// Finds the characters of a pattern in a text, in order but not necessarily side by side.
struct FuzzyMatch {
    /// Higher is better: runs and starts of words count, and so does an early beginning.
    var score = 0
    /// Which characters of the text were met.
    var positions: Set<Int> = []

    /// nil when the text does not hold the pattern. Case is ignored, and so are blanks in the pattern.
    init?(_ pattern: String, in text: String) {
        let wanted = pattern.lowercased().filter { $0 != " " }
        let characters = Array(text.lowercased())
        // Side by side is what people mean most often, so it is tried first.
        if let start = Self.firstRun(of: Array(wanted), in: characters) {
            positions = Set(start..<start + wanted.count)
            score = 500 + (Self.isWordStart(start, in: characters) ? 100 : 0) - start - characters.count / 4
            return
        }
        var position = 0
        var previous: Int?
        for character in wanted {
            guard let found = characters[position...].firstIndex(of: character) else { return nil }
            positions.insert(found)
            if Self.isWordStart(found, in: characters) { score += 10 }
            if previous == found - 1 { score += 5 }
            score -= found - position
            previous = found
            position = found + 1
        }
    }

    private static func firstRun(of pattern: [Character], in text: [Character]) -> Int? {
        guard pattern.count <= text.count else { return nil }
        return (0...text.count - pattern.count).first { text[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }

    private static func isWordStart(_ position: Int, in text: [Character]) -> Bool {
        position == 0 || !(text[position - 1].isLetter || text[position - 1].isNumber)
    }
}
