/// The part of many rows that is in sight. It stays where it is until what is selected would leave it.
struct RowWindow: Sendable {
    /// The first row in sight, as it was set last.
    private var top = 0

    /// The first row in sight in a window of this height.
    func top(_ selected: Int, count: Int, height: Int) -> Int { top(selected...selected, count: count, height: height) }

    private func top(_ wanted: ClosedRange<Int>, count: Int, height: Int) -> Int {
        let shown = max(min(top, wanted.lowerBound), wanted.upperBound - height + 1)
        return max(0, min(shown, count - height))
    }

    /// Goes from what was selected to what is, no further than needed.
    ///
    /// - Parameter new: the rows to be in sight, the last above all.
    mutating func follow(from old: Int, to new: ClosedRange<Int>, count: Int, height: Int) {
        top = top(old, count: count, height: height)
        top = top(new, count: count, height: height)
    }

    /// Moves some rows further down, no further than to the next ones, and says which are in sight then.
    mutating func scroll(_ rows: Int, _ selected: Int, count: Int, height: Int) -> Range<Int> {
        let step = max(-height, min(rows, height))
        top = max(0, min(top(selected, count: count, height: height) + step, count - height))
        return top..<max(top, min(top + height, count))
    }
}
