/// Keeps tables with too many columns from the parser. It pads rows to the number of columns, so a few kilobytes of
/// bars could allocate gigabytes of cells.
enum TableGuard {
    static let maxColumns = 32
    private static let marks = Set("|-: \t>*+.)0123456789\r".utf8)

    /// Whether a line could be the delimiter row of a table with more columns than allowed.
    static func isTooWide(_ text: ArraySlice<UInt8>) -> Bool {
        var bars = 0
        var isRow = true
        for byte in text {
            if byte == UInt8(ascii: "\n") {
                if isRow, bars > maxColumns { return true }
                (bars, isRow) = (0, true)
            } else if byte == UInt8(ascii: "|") {
                bars += 1
            } else if isRow, !marks.contains(byte) {
                isRow = false
            }
        }
        return isRow && bars > maxColumns
    }
}
