/// A formula on one line: `x₁² + √(a/b)`.
struct FormulaLine {
    private var text = ""
    /// Whether an operator here would be binary, because an operand precedes it.
    private var hasOperand = false
    /// The byte range of a fraction that `text` ends with: what follows directly must not look like part of its
    /// denominator.
    private var lastFraction: Range<Int>?
    /// The position of a thin space, in bytes. It is too thin to be shown in `10\,000`, but it separates a
    /// differential.
    private var thinSpace: Int?

    static func text(_ nodes: [FormulaNode]) -> String {
        var line = FormulaLine()
        for node in nodes { line.add(node) }
        while line.text.last == " " { line.text.removeLast() }
        return line.text
    }

    private mutating func add(_ node: FormulaNode) {
        switch node {
        case .symbol(let symbol, let spacing): addSymbol(symbol, spacing)
        case .words(let words): addOperand(words)
        case .function(let name):
            separate()
            addOperand(name)
            text += " "
        case .space(0): thinSpace = text.utf8.count
        case .space(let width): text += String(repeating: " ", count: width)
        case .group(let nodes): for node in nodes { add(node) }
        case .largeOperator(let symbol):
            separate()
            addOperand(symbol)
            text += symbol.count > 1 ? " " : ""
        case .scripts(let base, let lower, let upper): addScripts(base, lower, upper)
        case .fraction(let upper, let lower): addFraction(Self.operand(upper), Self.operand(lower))
        case .binomial(let upper, let lower): addOperand("(\(Self.text(upper)) choose \(Self.text(lower)))")
        case .root(let degree, let content): addOperand(Self.radical(degree) + Self.operand(content))
        case .accent(let mark, let content): addOperand(Self.accented(mark, Self.text(content)))
        case .fenced(let left, let content, let right): addOperand(left + Self.text(content) + right)
        case .rows(let rows): addRows(rows)
        }
    }

    private mutating func addOperand(_ new: String) {
        if let first = new.first, first.isLetter || first.isNumber || "([√∛∜".contains(first) { encloseFraction() }
        text += new
        hasOperand = true
    }

    /// Separates a name from what precedes it.
    private mutating func separate() {
        encloseFraction()
        if let last = text.last, last.isLetter || last.isNumber || last == ")" { text += " " }
    }

    /// Adds a fraction, as a single character if there is one, such as `½`.
    private mutating func addFraction(_ upper: String, _ lower: String) {
        if let character = FormulaSymbols.fractions["\(upper)/\(lower)"] { return addOperand(character) }
        addOperand("\(upper)/\(lower)")
        let end = text.utf8.count
        lastFraction = (end - upper.utf8.count - lower.utf8.count - 1)..<end
    }

    private mutating func encloseFraction() {
        guard let fraction = lastFraction, fraction.upperBound == text.utf8.count else { return }
        text.insert("(", at: text.utf8.index(text.startIndex, offsetBy: fraction.lowerBound))
        text += ")"
    }

    private mutating func addSymbol(_ symbol: String, _ spacing: FormulaSymbols.Spacing) {
        switch spacing {
        case .ordinary:
            if symbol == "d", thinSpace == text.utf8.count, let last = text.last, last != " " { text += " " }
            // Avoid "2 (", which would read as two things.
            if let last = text.last, last == " ", symbol == "(", text.dropLast().last?.isLetter == true {
                text.removeLast()
            }
            addOperand(symbol)
            hasOperand = !"([{⟨⌊⌈|".contains(symbol) || symbol == "|"
        case .punctuation:
            text += symbol + " "
            hasOperand = false
        case .binary where !hasOperand: text += symbol
        case .binary, .relation:
            if text.last.map({ $0 != " " }) == true { text += " " }
            text += symbol + " "
            hasOperand = false
        }
    }

    private mutating func addScripts(_ base: FormulaNode, _ lower: [FormulaNode], _ upper: [FormulaNode]) {
        // The blank after a name or relation moves behind its scripts.
        var trailing = ""
        if case .group(let nodes) = base, nodes.isEmpty {} else { add(base) }
        while text.last == " " {
            text.removeLast()
            trailing = " "
        }
        encloseFraction()
        let wasOperand = hasOperand
        if !lower.isEmpty { text += Self.script(Self.text(lower), FormulaSymbols.subscripts, "_") }
        if !upper.isEmpty { text += Self.script(Self.text(upper), FormulaSymbols.superscripts, "^") }
        switch base {
        case .largeOperator(let symbol) where symbol.count == 1: trailing = " "
        case .symbol(let symbol, _) where FormulaSymbols.integrals.values.contains(symbol): trailing = " "
        default: break
        }
        text += trailing
        hasOperand = wasOperand
    }

    private mutating func addRows(_ rows: FormulaNode.Rows) {
        let lines = rows.cells.map { row in
            row.map(Self.text).filter { !$0.isEmpty }.joined(separator: rows.kind == .cases ? " if " : " ")
        }
        switch rows.kind {
        case .matrix:
            addOperand(
                (rows.left.isEmpty ? "[" : rows.left) + lines.joined(separator: "; ")
                    + (rows.right.isEmpty ? "]" : rows.right))
        case .cases:
            let cells = rows.cells.map { $0.map(Self.text).filter { !$0.isEmpty }.joined(separator: "  ") }
            addOperand("{ " + cells.joined(separator: "; "))
        case .equations: addOperand(lines.joined(separator: "; "))
        }
    }

    // MARK: Parts

    /// Small characters if all of them exist, otherwise the text after a mark.
    static func script(_ text: String, _ alphabet: [Character: Character], _ mark: Character) -> String {
        small(text, alphabet) ?? (text.count == 1 ? "\(mark)\(text)" : "\(mark)(\(text))")
    }

    static func small(_ text: String, _ alphabet: [Character: Character]) -> String? {
        let small = text.filter { $0 != " " }.map { alphabet[$0] }
        return small.contains(nil) ? nil : String(small.compactMap(\.self))
    }

    /// The text, in parentheses if it has more than one term.
    static func operand(_ nodes: [FormulaNode]) -> String {
        let text = text(nodes)
        let isOne =
            text.allSatisfy { $0.isNumber || $0 == "." }
            || nodes.count <= 1 && !text.contains(" ") && !text.contains("/")
        return isOne || text.count == 1 || isEnclosed(text) || isCall(text) ? text : "(\(text))"
    }

    /// `P(B)`
    private static func isCall(_ text: String) -> Bool {
        text.first?.isLetter == true && !text.contains("/") && isEnclosed(String(text.dropFirst()))
    }

    private static func isEnclosed(_ text: String) -> Bool {
        guard text.first == "(", text.last == ")" else { return false }
        var level = 0
        for (index, character) in text.enumerated() {
            if character == "(" { level += 1 }
            if character == ")" { level -= 1 }
            if level == 0, index < text.count - 1 { return false }
        }
        return true
    }

    static func radical(_ degree: [FormulaNode]) -> String {
        switch text(degree) {
        case "", "2": "√"
        case "3": "∛"
        case "4": "∜"
        case let other: (small(other, FormulaSymbols.superscripts) ?? other) + "√"
        }
    }

    static func accented(_ mark: String, _ text: String) -> String {
        let isLine = mark == "\u{305}" || mark == "\u{332}"
        if text.count == 1 || isLine { return text.map { "\($0)\(mark)" }.joined() }
        return text.isEmpty ? "" : text + mark
    }
}
