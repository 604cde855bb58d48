/// Turns the matches of a splitter, and what is between them, into words.
struct MatchJoiner {
    private let behavior: SplitBehavior
    /// A part that the next one may join.
    private var held: (start: Int, end: Int)?
    private var wasMatch = false

    init(_ behavior: SplitBehavior) {
        self.behavior = behavior
    }

    /// Adds the next part of the text. Calls `emit` with the bounds of words that are complete; they can be empty.
    mutating func add(_ start: Int, _ end: Int, isMatch: Bool, _ emit: (Int, Int) -> Void) {
        switch behavior {
        case .removed: if !isMatch { emit(start, end) }
        case .isolated: emit(start, end)
        case .contiguous where isMatch == wasMatch && held != nil: held?.end = end
        case .contiguous,
            .mergedWithNext where isMatch:
            finish(emit)
            held = (start, end)
        case .mergedWithNext:
            emit(held?.start ?? start, end)
            held = nil
        case .mergedWithPrevious where isMatch:
            emit(held?.start ?? start, end)
            held = nil
        case .mergedWithPrevious:
            finish(emit)
            held = (start, end)
        }
        wasMatch = isMatch
    }

    mutating func finish(_ emit: (Int, Int) -> Void) {
        if let held { emit(held.start, held.end) }
        held = nil
    }
}
