/// The parser fills up the rows of a table to the number of its columns, so that a few kilobytes of bars could ask for
/// gigabytes of cells: text with such a row is not given to it.
enum TableGuard {
    static let mostColumns = 32
    private static let marks = Set("|-: \t>*+.)0123456789\r".utf8)

    /// Whether a line could be the row of marks under the header of a table with more columns.
    static func isTooWide(_ text: ArraySlice<UInt8>) -> Bool {
        var bars = 0
        var isRow = true
        for byte in text {
            if byte == UInt8(ascii: "\n") {
                if isRow, bars > mostColumns { return true }
                (bars, isRow) = (0, true)
            } else if byte == UInt8(ascii: "|") {
                bars += 1
            } else if isRow, !marks.contains(byte) {
                isRow = false
            }
        }
        return isRow && bars > mostColumns
    }
}
