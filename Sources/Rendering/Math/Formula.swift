/// Converts TeX to readable text.
public enum Formula {
    /// Longer formulas are shown as source.
    public static let maxLength = 4_000

    /// On one line, for use in a sentence.
    public static func line(_ tex: String) -> String {
        guard tex.utf8.count <= maxLength else { return tex }
        let text = FormulaLine.text(FormulaParser.parse(tex))
        return text.isEmpty ? tex : text
    }

    /// On as many lines as needed; nil if that is wider than `width` columns or too high.
    public static func display(_ tex: String, width: Int) -> [String]? {
        guard tex.utf8.count <= maxLength else { return nil }
        let box = FormulaBox(FormulaParser.parse(tex))
        guard box.width <= width, box.lines.count <= 60, box.width > 0 else { return nil }
        return box.lines
    }
}
