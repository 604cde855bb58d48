/// Which of many rows are on the screen. The window moves only when the selected row would leave it.
struct RowWindow: Sendable {
    /// The first row on the screen, as it was set last.
    private var top = 0

    /// The first row on the screen in a window of this height.
    func top(_ selected: Int, count: Int, height: Int) -> Int { top(selected...selected, count: count, height: height) }

    private func top(_ wanted: ClosedRange<Int>, count: Int, height: Int) -> Int {
        let shown = max(min(top, wanted.lowerBound), wanted.upperBound - height + 1)
        return max(0, min(shown, count - height))
    }

    /// Moves from the row that was selected to those that are now, no further than needed.
    ///
    /// - Parameter new: the rows to show; if not all fit, the last ones.
    mutating func follow(from old: Int, to new: ClosedRange<Int>, count: Int, height: Int) {
        top = top(old, count: count, height: height)
        top = top(new, count: count, height: height)
    }

    /// Moves a selection of one row and keeps it on the screen.
    ///
    /// - Returns: the row selected after that; 0 if there are no rows.
    mutating func move(_ move: PanelMove, from selected: Int, count: Int, height: Int) -> Int {
        let target: Int
        switch move {
        case .row(let rows): target = selected + rows
        case .page(let pages): target = selected + pages * max(1, height - 1)
        case .first: target = 0
        case .last: target = count - 1
        case .scroll(let rows):
            let shown = scroll(rows, selected, count: count, height: height)
            return max(shown.lowerBound, min(selected, shown.upperBound - 1))
        }
        return select(target, from: selected, count: count, height: height)
    }

    /// Selects a row, or the nearest one there is, and scrolls to it.
    mutating func select(_ row: Int, from selected: Int, count: Int, height: Int) -> Int {
        let row = max(0, min(row, count - 1))
        follow(from: selected, to: row...row, count: count, height: height)
        return row
    }

    /// Scrolls by a number of rows, at most by the height of the window.
    ///
    /// - Returns: the rows on the screen after that.
    mutating func scroll(_ rows: Int, _ selected: Int, count: Int, height: Int) -> Range<Int> {
        let step = max(-height, min(rows, height))
        top = max(0, min(top(selected, count: count, height: height) + step, count - height))
        return top..<max(top, min(top + height, count))
    }
}
