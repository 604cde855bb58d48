/// Converts the argument of mhchem's `\\ce` to text: `2H2 + O2 -> 2H2O` becomes `2H₂ + O₂ → 2H₂O`.
enum ChemicalFormula {
    static func text(_ source: String) -> String {
        var result = ""
        for character in source {
            // A number after an element or bracket is a count and becomes a subscript; other numbers stay.
            let counts = result.last.map { $0.isLetter || ")]₀₁₂₃₄₅₆₇₈₉".contains($0) } ?? false
            result.append(
                counts
                    ? FormulaSymbols.subscripts[character].flatMap { character.isNumber ? $0 : nil } ?? character
                    : character)
        }
        return result.replacing("<=>", with: "⇌").replacing("->", with: "→").replacing("<-", with: "←")
    }
}
