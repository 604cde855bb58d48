/// What `\\ce` of the package mhchem holds, as text: `2H2 + O2 -> 2H2O` is `2H₂ + O₂ → 2H₂O`.
enum ChemicalFormula {
    static func text(_ source: String) -> String {
        var result = ""
        for character in source {
            // A number after an element or a bracket counts it; one before stays what it is.
            let counts = result.last.map { $0.isLetter || ")]₀₁₂₃₄₅₆₇₈₉".contains($0) } ?? false
            result.append(
                counts
                    ? FormulaSymbols.subscripts[character].flatMap { character.isNumber ? $0 : nil } ?? character
                    : character)
        }
        return result.replacing("<=>", with: "⇌").replacing("->", with: "→").replacing("<-", with: "←")
    }
}
