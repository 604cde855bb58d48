/// Notices that a reply goes round in a circle: the same tokens, again and again.
///
/// For each period p from 1 to 256 tokens it counts how many tokens in a row equal the one p places before. The alarm
/// is raised at 256 + 3p of them. Short circles thus need some 260 tokens, which leaves in peace what repeats with good
/// reason (rules of dashes, table rows, indentation, a matrix of zeros), since that is shorter or varies somewhere;
/// long ones need four to six exact repetitions, which no honest text of that length makes. Lists whose
/// numbers count up never match. A person who asks for one word three hundred times gets the notice too, and can
/// continue from there.
///
/// Cost: one comparison for each period and token.
public struct RepetitionDetector: Sendable {
    private static let longestPeriod = 256

    /// The latest tokens, written twice at a distance of `longestPeriod` so that any window of them is contiguous.
    private var recent = [Int32](repeating: -1, count: 2 * longestPeriod)
    private var position = 0
    /// For each period − 1, how many tokens in a row matched.
    private var runs = [Int32](repeating: 0, count: longestPeriod)

    public init() {}

    /// Takes the next token of the reply. Returns the period in tokens when the reply has gone round in a circle.
    public mutating func push(_ token: Int32) -> Int? {
        let size = Self.longestPeriod
        var found: Int?
        for back in 0..<size {
            // recent[position + size − 1 − back] is the token back + 1 places before this one.
            let run = recent[position + size - 1 - back] == token ? runs[back] &+ 1 : 0
            runs[back] = run
            if run >= 259 + 3 * Int32(truncatingIfNeeded: back), found == nil { found = back + 1 }
        }
        recent[position] = token
        recent[position + size] = token
        position = (position + 1) % size
        return found
    }
}
