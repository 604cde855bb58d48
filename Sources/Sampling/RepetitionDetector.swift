/// Detects that a reply is stuck in a loop of the same tokens.
///
/// For each period p from 1 to 256 tokens, it counts how many consecutive tokens equal the one p positions earlier, and
/// triggers at 256 + 3p. So short loops need about 260 tokens: legitimate repetition (lines of dashes, table rows,
/// indentation, a matrix of zeros) is shorter or varies somewhere. Long loops need four to six exact repetitions, which
/// ordinary text of that length does not contain. Lists with increasing numbers never match. It also stops users who ask
/// for a word three hundred times, but they can continue the reply.
///
/// Cost: one comparison per period and token.
public struct RepetitionDetector: Sendable {
    private static let longestPeriod = 256

    /// The latest tokens, stored twice at a distance of `longestPeriod`, so that any window of them is contiguous.
    private var recent = [Int32](repeating: -1, count: 2 * longestPeriod)
    private var position = 0
    /// For each period − 1, the number of consecutive matching tokens.
    private var runs = [Int32](repeating: 0, count: longestPeriod)

    public init() {}

    /// Adds the next token of the reply. Returns the period in tokens if the reply is stuck in a loop.
    public mutating func push(_ token: Int32) -> Int? {
        let size = Self.longestPeriod
        var found: Int?
        for back in 0..<size {
            // recent[position + size − 1 − back] is the token back + 1 positions before this one.
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
