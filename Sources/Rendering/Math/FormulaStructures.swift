/// Commands whose arguments are formulas: fractions, roots, fences, environments.
extension FormulaParser {
    mutating func structure(_ name: String) -> FormulaNode? {
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac": return .fraction(argument(), argument())
        case "binom", "dbinom", "tbinom": return .binomial(argument(), argument())
        case "sqrt":
            let degree = optionalArgument()
            return .root(degree: degree, argument())
        case "mathbb", "Bbb": return styled(FormulaSymbols.doubleStruck)
        case "mathcal", "mathscr": return styled(FormulaSymbols.script)
        case "mathfrak": return styled(FormulaSymbols.fraktur)
        case "pmod": return .group([.space(1), .fenced(left: "(", [.function("mod")] + argument(), right: ")")])
        case "stackrel", "overset":
            let upper = argument()
            return .scripts(base: .group(argument()), lower: [], upper: upper)
        case "underset":
            let lower = argument()
            return .scripts(base: .group(argument()), lower: lower, upper: [])
        case "underbrace", "overbrace":
            // A script applies to the whole argument.
            let content = argument()
            return content.count > 1 ? .fenced(left: "(", content, right: ")") : .group(content)
        case "overleftarrow": return .group(argument())
        case "substack": return stack()
        case "ce": return .words(ChemicalFormula.text(words()))
        case "phantom", "vphantom", "label", "tag", "ref":
            let content = words()
            return name == "tag" ? .words("  (\(content))") : nil
        case "not": return negated()
        case "left": return fenced()
        case "right": return delimiter().isEmpty ? nil : .group([])
        case "begin": return environment()
        case "end":
            _ = words()
            return nil
        case "[", "]", "(", ")", "": return nil
        default: return .words("\\" + name + " ")
        }
    }

    /// Stacked lines, as below a sum.
    private mutating func stack() -> FormulaNode? {
        rest = rest.drop(while: \.isWhitespace)
        guard rest.first == "{", depth < Self.maxDepth else { return .group(argument()) }
        rest.removeFirst()
        depth += 1
        defer { depth -= 1 }
        let cells = cells { $0.first == "}" }
        if rest.first == "}" { rest.removeFirst() }
        return .rows(FormulaNode.Rows(kind: .equations, left: "", right: "", cells: cells))
    }

    private mutating func styled(_ alphabet: [Character: Character]) -> FormulaNode {
        let text = words()
        return .symbol(String(text.map { alphabet[$0] ?? $0 }), .ordinary)
    }

    private mutating func negated() -> FormulaNode? {
        guard case .symbol(let symbol, let spacing)? = argument().first else { return nil }
        let known = ["∈": "∉", "=": "≠", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "∣": "∤", "≡": "≢"]
        return .symbol(known[symbol] ?? symbol + "\u{338}", spacing)
    }

    private mutating func delimiter() -> String {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.popFirst() else { return "" }
        if first == "." { return "" }
        if first != "\\" { return String(first) }
        let name = commandName()
        return FormulaSymbols.ordinary[name] ?? FormulaSymbols.relations[name] ?? ""
    }

    private mutating func fenced() -> FormulaNode {
        let left = delimiter()
        guard depth < Self.maxDepth else { return .symbol(left, .ordinary) }
        depth += 1
        defer { depth -= 1 }
        let isEnd: (Substring) -> Bool = {
            $0.hasPrefix("\\right") && $0.dropFirst(6).first?.isLetter != true || $0.first == "}"
        }
        let content = list(until: isEnd)
        var right = ""
        if rest.hasPrefix("\\right") {
            rest = rest.dropFirst(6)
            right = delimiter()
        }
        return .fenced(left: left, content, right: right)
    }

    private mutating func environment() -> FormulaNode? {
        let name = words()
        if name == "array" || name == "tabular" { _ = words() }
        skipOptionalArgument()
        guard depth < Self.maxDepth else { return nil }
        depth += 1
        defer { depth -= 1 }
        let cells = cells { $0.hasPrefix("\\end") }
        if rest.hasPrefix("\\end") {
            rest = rest.dropFirst(4)
            _ = words()
        }
        let plain = name.filter { $0 != "*" }
        let marks = [
            "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
            "Bmatrix": ("{", "}"), "cases": ("{", ""),
        ]
        let (left, right) = marks[plain] ?? ("", "")
        let kind: FormulaNode.Rows.Kind =
            plain == "cases" ? .cases : plain.hasSuffix("matrix") || plain == "array" ? .matrix : .equations
        if kind == .equations, cells.count == 1, cells[0].count == 1 { return .group(cells[0][0]) }
        return .rows(FormulaNode.Rows(kind: kind, left: left, right: right, cells: cells))
    }
}
