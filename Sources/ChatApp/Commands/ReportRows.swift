/// Names with their values below each other, as `/show` and its like print them.
enum ReportRows {
    /// Where values begin.
    static let column = 17

    /// Leaves out rows without a value.
    static func text(_ rows: [(name: String, value: String?)], indent: String = "") -> String {
        rows.compactMap { name, value in value.map { indent + name.padded(to: column) + $0 } }
            .joined(separator: "\n")
    }
}

extension String {
    /// With blanks at the end, up to a number of characters.
    func padded(to count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }
}
