import Foundation

/// Finds a pattern in a text: every word of the pattern, its characters in order but not necessarily side by side.
///
/// Of all the ways in which a word can be found the best one counts: characters side by side, at the starts of words,
/// and early in the text.
struct FuzzyMatch {
    /// Higher is better.
    private(set) var score = 0
    /// Which characters of the text were met.
    private(set) var positions: Set<Int> = []

    /// A longer text is met in its beginning alone.
    private static let textLimit = 300
    private static let patternLimit = 60

    /// nil when the text does not hold the pattern. Case and accents are ignored.
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

/// A text whose characters can be compared at once, each as its letter without accents, in lower case.
private struct FoldedText {
    var characters: [UInt32] = []
    /// Where words start: after anything that is no letter and no digit, and at a capital after a small letter.
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

/// The best way to meet a word's characters in a text, by dynamic programming over where each is met.
private struct Alignment {
    var score: Int
    var positions: [Int]

    private static let match = 16
    private static let firstOfText = 14
    private static let firstOfWord = 10
    private static let sideBySide = 12
    private static let gap = 3
    private static let skipped = 1
    /// Beyond any score that can come out.
    private static let never = -1_000_000

    init?(_ pattern: [UInt32], in text: FoldedText) {
        let count = text.characters.count
        guard !pattern.isEmpty, pattern.count <= count, Self.holds(pattern, text.characters) else { return nil }
        // Of each character of the pattern and each place: the score where it is met there, and where
        // its predecessor is.
        var scores = [Int](repeating: Self.never, count: count)
        var from: [[Int]] = []
        for (index, wanted) in pattern.enumerated() {
            var next = [Int](repeating: Self.never, count: count)
            var rowFrom = [Int](repeating: -1, count: count)
            // The best place of the one before, further left than its neighbour, and what skipping costs up to here.
            var best = Self.never, bestPlace = -1
            for place in 0..<count {
                if place >= 2 {
                    best -= Self.skipped
                    let fresh = scores[place - 2] - Self.gap
                    if fresh > best { (best, bestPlace) = (fresh, place - 2) }
                }
                guard text.characters[place] == wanted else { continue }
                let own = Self.match + (place == 0 ? Self.firstOfText : text.starts[place] ? Self.firstOfWord : 0)
                if index == 0 {
                    next[place] = own - min(place, 10) / 2
                    continue
                }
                let beside = place > 0 ? scores[place - 1] + Self.sideBySide : Self.never
                let before = max(beside, best)
                guard before > Self.never / 2 else { continue }
                next[place] = before + own
                rowFrom[place] = beside >= best ? place - 1 : bestPlace
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

    /// Whether the characters are there at all, which most texts fail quickly.
    private static func holds(_ pattern: [UInt32], _ text: [UInt32]) -> Bool {
        var wanted = pattern[...]
        for character in text {
            if character == wanted.first { wanted.removeFirst() }
            if wanted.isEmpty { return true }
        }
        return false
    }
}
