import Foundation

/// Finds a pattern in a text: every word of the pattern, its characters in order but not necessarily adjacent.
///
/// If a word can be found in several ways, the best one counts: adjacent characters, at the starts of words, early in
/// the text.
struct FuzzyMatch {
    /// Higher is better.
    private(set) var score = 0
    /// Which characters of the text matched.
    private(set) var positions: Set<Int> = []

    /// Only this many characters of a text are searched.
    private static let textLimit = 300
    private static let patternLimit = 60

    /// nil if the text does not contain the pattern. Case and accents are ignored.
    init?(_ pattern: String, in text: String) {
        let text = FoldedText(text.prefix(Self.textLimit))
        for word in pattern.prefix(Self.patternLimit).split(whereSeparator: \.isWhitespace) {
            guard let found = Alignment(FoldedText(word).characters, in: text) else { return nil }
            score += found.score
            positions.formUnion(found.positions)
        }
        if positions.count == text.characters.count { score += Self.wholeBonus }
        score -= text.characters.count / 8
    }

    private static let wholeBonus = 30
}

/// A text as lower-case letters without accents, for fast comparison.
private struct FoldedText {
    var characters: [UInt32] = []
    /// Where words start: after anything but letters and digits, and at an upper-case letter after a lower-case one.
    var starts: [Bool] = []

    init(_ text: Substring) {
        var previous: Character?
        for character in text {
            characters.append(Self.folded(character))
            starts.append(Self.isStart(character, after: previous))
            previous = character
        }
    }

    private static func folded(_ character: Character) -> UInt32 {
        if let byte = character.asciiValue {
            return UInt32((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte)
        }
        let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first
        return base?.properties.lowercaseMapping.unicodeScalars.first?.value ?? 0
    }

    private static func isStart(_ character: Character, after previous: Character?) -> Bool {
        guard let previous else { return true }
        let isWithin = previous.isLetter || previous.isNumber
        return !isWithin || character.isUppercase && previous.isLowercase
            || character.isNumber != previous.isNumber
    }
}

/// The best way to match a word's characters in a text, by dynamic programming over the position of each.
private struct Alignment {
    var score: Int
    var positions: [Int]

    private static let match = 16
    private static let firstOfText = 14
    private static let firstOfWord = 10
    private static let adjacent = 12
    private static let gap = 3
    private static let skipped = 1
    /// Lower than any possible score.
    private static let never = -1_000_000

    init?(_ pattern: [UInt32], in text: FoldedText) {
        let count = text.characters.count
        guard !pattern.isEmpty, pattern.count <= count, Self.contains(pattern, text.characters) else { return nil }
        // For each character of the pattern and each position: the score if it matches there, and the position of the
        // previous character.
        var scores = [Int](repeating: Self.never, count: count)
        var from: [[Int]] = []
        for (index, wanted) in pattern.enumerated() {
            var next = [Int](repeating: Self.never, count: count)
            var rowFrom = [Int](repeating: -1, count: count)
            // The best position of the previous character at least two to the left, less the cost of skipping.
            var best = Self.never, bestPosition = -1
            for position in 0..<count {
                if position >= 2 {
                    best -= Self.skipped
                    let fresh = scores[position - 2] - Self.gap
                    if fresh > best { (best, bestPosition) = (fresh, position - 2) }
                }
                guard text.characters[position] == wanted else { continue }
                let own = Self.match + (position == 0 ? Self.firstOfText : text.starts[position] ? Self.firstOfWord : 0)
                if index == 0 {
                    next[position] = own - min(position, 10) / 2
                    continue
                }
                let adjacent = position > 0 ? scores[position - 1] + Self.adjacent : Self.never
                let before = max(adjacent, best)
                guard before > Self.never / 2 else { continue }
                next[position] = before + own
                rowFrom[position] = adjacent >= best ? position - 1 : bestPosition
            }
            scores = next
            from.append(rowFrom)
        }
        guard let end = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[end] > Self.never / 2 else {
            return nil
        }
        score = scores[end]
        positions = [end]
        for row in from.indices.dropFirst().reversed() { positions.append(from[row][positions[positions.count - 1]]) }
    }

    /// Whether the text has the characters at all: most texts are ruled out quickly.
    private static func contains(_ pattern: [UInt32], _ text: [UInt32]) -> Bool {
        var wanted = pattern[...]
        for character in text {
            if character == wanted.first { wanted.removeFirst() }
            if wanted.isEmpty { return true }
        }
        return false
    }
}
