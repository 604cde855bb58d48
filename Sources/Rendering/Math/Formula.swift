/// TeX as readable text.
public enum Formula {
    /// Longer ones are shown as they were written.
    public static let longest = 4_000

    /// On one line, for the middle of a sentence.
    public static func line(_ tex: String) -> String {
        guard tex.utf8.count <= longest else { return tex }
        let text = FormulaLine.text(FormulaParser.parse(tex))
        return text.isEmpty ? tex : text
    }

    /// Over as many lines as it takes; nil where that is wider than `width` columns.
    public static func display(_ tex: String, width: Int) -> [String]? {
        guard tex.utf8.count <= longest else { return nil }
        let box = FormulaBox(FormulaParser.parse(tex))
        guard box.width <= width, box.lines.count <= 60, box.width > 0 else { return nil }
        return box.lines
    }
}
