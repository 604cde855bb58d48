/// Neighbouring cells of one row that share a style, ready to be written in one go.
public struct CellRun: Hashable, Sendable {
    public var start: Point
    public var text: String
    public var style: Style
    /// Columns that the text takes.
    public var width: Int
}

extension Surface {
    /// What has to be written to turn `old` into this surface, top to bottom and left to right; everything if the sizes
    /// differ or there is no old one.
    ///
    /// A run ends after a cluster whose width terminals do not agree on (`DisplayCluster.isCertain`), so that the adapter
    /// places the cursor anew and a disagreement stays within its own cell.
    public func changedRuns(from old: Surface?) -> [CellRun] {
        let previous = old?.size == size ? old : nil
        var runs: [CellRun] = []
        for y in 0..<size.height {
            var run: CellRun?
            for x in 0..<size.width {
                let index = y * size.width + x
                let cell = cells[index]
                if cell.width == 0 { continue }
                if let previous, previous.cells[index] == cell {
                    if let finished = run { runs.append(finished) }
                    run = nil
                    continue
                }
                if run?.style == cell.style {
                    run?.text += cell.text
                    run?.width += Int(cell.width)
                } else {
                    if let finished = run { runs.append(finished) }
                    run = CellRun(
                        start: Point(x: x, y: y), text: cell.text, style: cell.style, width: Int(cell.width))
                }
                if !DisplayCluster.isCertain(cell.text), let finished = run {
                    runs.append(finished)
                    run = nil
                }
            }
            if let finished = run { runs.append(finished) }
        }
        return runs
    }

    /// The rows as text, without trailing blanks: what a golden screen is compared with.
    public var rows: [String] {
        (0..<size.height).map { y in
            var row = (0..<size.width).map { self[$0, y].text }.joined()
            while row.last == " " { row.removeLast() }
            return row
        }
    }
}
