/// Parses TeX as people and models write it in messages. Never fails: what it does not know is shown as source.
struct FormulaParser {
    static let maxDepth = 24

    var rest: Substring
    var depth = 0

    static func parse(_ tex: String) -> [FormulaNode] {
        var parser = FormulaParser(rest: tex[...])
        let rows = parser.cells { _ in false }
        if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
        return [.rows(FormulaNode.Rows(kind: .equations, left: "", right: "", cells: rows))]
    }

    private init(rest: Substring) { self.rest = rest }

    /// Parses lists of nodes in columns (`&`) and rows (`\\`), up to where `isEnd` holds.
    mutating func cells(until isEnd: (Substring) -> Bool) -> [[[FormulaNode]]] {
        var rows: [[[FormulaNode]]] = [[[]]]
        while !rest.isEmpty, !isEnd(rest) {
            if rest.first == "&" {
                rest.removeFirst()
                rows[rows.count - 1].append([])
            } else if rest.hasPrefix("\\\\") || rest.hasPrefix("\\cr") && rest.dropFirst(3).first?.isLetter != true {
                rest = rest.dropFirst(rest.hasPrefix("\\\\") ? 2 : 3)
                skipOptionalArgument()
                rows.append([[]])
            } else {
                let row = rows.count - 1, column = rows[row].count - 1
                append(to: &rows[row][column])
            }
        }
        // A trailing line break starts no row.
        if rows.count > 1, let last = rows.last, last.allSatisfy(\.isEmpty) { rows.removeLast() }
        return rows
    }

    mutating func list(until isEnd: (Substring) -> Bool) -> [FormulaNode] {
        var nodes: [FormulaNode] = []
        while !rest.isEmpty, !isEnd(rest) {
            // A stray column separator.
            if rest.first == "&" { rest.removeFirst() } else { append(to: &nodes) }
        }
        return nodes
    }

    /// Parses the next node; scripts attach to the node before them.
    private mutating func append(to nodes: inout [FormulaNode]) {
        guard let first = rest.first else { return }
        switch first {
        case "^", "_":
            rest.removeFirst()
            let script = argument()
            var (base, lower, upper) = nodes.popLast().map(Self.parts) ?? (.group([]), [], [])
            if first == "^" { upper += script } else { lower += script }
            nodes.append(.scripts(base: base, lower: lower, upper: upper))
        case "'", "’":
            rest.removeFirst()
            var (base, lower, upper) = nodes.popLast().map(Self.parts) ?? (.group([]), [], [])
            upper.append(.symbol("′", .ordinary))
            nodes.append(.scripts(base: base, lower: lower, upper: upper))
        default:
            if let node = next() { nodes.append(node) }
        }
    }

    private static func parts(_ node: FormulaNode) -> (FormulaNode, [FormulaNode], [FormulaNode]) {
        if case .scripts(let base, let lower, let upper) = node { return (base, lower, upper) }
        return (node, [], [])
    }

    private mutating func next() -> FormulaNode? {
        guard let first = rest.popFirst() else { return nil }
        switch first {
        case "\\": return command()
        case "{": return .group(group(close: "}"))
        case "}": return nil
        case "~": return .space(1)
        case "%":
            rest = rest.drop { !$0.isNewline }
            return nil
        case "=", "<", ">", "≤", "≥", "≠", "≈", "∈", "→", "⇒": return .symbol(String(first), .relation)
        case ":": return .symbol(":", .ordinary)
        case "+", "×", "·", "±": return .symbol(String(first), .binary)
        case "-": return .symbol("−", .binary)
        case "*": return .symbol("∗", .binary)
        case ",", ";": return .symbol(String(first), .punctuation)
        case _ where first.isWhitespace: return nil
        default: return .symbol(String(first), .ordinary)
        }
    }

    mutating func group(close: Character) -> [FormulaNode] {
        guard depth < Self.maxDepth else {
            // Nobody reads formulas this deep: the rest is not nested further.
            return []
        }
        depth += 1
        defer { depth -= 1 }
        let nodes = list { $0.first == close }
        if rest.first == close { rest.removeFirst() }
        return nodes
    }

    /// The argument of a command: a group, or the next node.
    mutating func argument() -> [FormulaNode] {
        rest = rest.drop(while: \.isWhitespace)
        if rest.first == "{" {
            rest.removeFirst()
            return group(close: "}")
        }
        guard let first = rest.first, !"}&^_".contains(first), depth < Self.maxDepth else { return [] }
        depth += 1
        defer { depth -= 1 }
        return next().map { [$0] } ?? []
    }

    /// The argument of a command that takes plain text.
    mutating func words() -> String {
        rest = rest.drop(while: \.isWhitespace)
        guard rest.first == "{" else { return rest.popFirst().map(String.init) ?? "" }
        rest.removeFirst()
        var text = ""
        var level = 1
        while let character = rest.popFirst() {
            if character == "{" { level += 1 }
            if character == "}" { level -= 1 }
            if level == 0 { break }
            if character == "$" || character == "{" || character == "}" { continue }
            if character == "\\" {
                if rest.first.map({ !$0.isLetter }) == true {
                    let escaped = rest.removeFirst()
                    text.append(",;:>".contains(escaped) ? " " : escaped)
                }
                continue
            }
            text.append(character.isNewline || character == "~" ? " " : character)
        }
        return text
    }

    mutating func optionalArgument() -> [FormulaNode] {
        rest = rest.drop(while: \.isWhitespace)
        guard rest.first == "[" else { return [] }
        rest.removeFirst()
        return group(close: "]")
    }

    mutating func skipOptionalArgument() {
        let after = rest.drop { $0 == " " }
        guard after.first == "[", let close = after.prefix(20).firstIndex(of: "]"),
            after[..<close].dropFirst().allSatisfy({ $0.isNumber || $0.isLetter || $0 == "." || $0 == "-" })
        else { return }
        rest = after[after.index(after: close)...]
    }

    // MARK: Commands

    mutating func commandName() -> String {
        guard let first = rest.first else { return "" }
        var name = String(rest.removeFirst())
        guard first.isASCII, first.isLetter else { return name }
        while let letter = rest.first, letter.isASCII, letter.isLetter { name.append(rest.removeFirst()) }
        if rest.first == "*", FormulaSymbols.wordCommands.contains(name + "*") { rest.removeFirst() }
        return name
    }

    private mutating func command() -> FormulaNode? {
        let name = commandName()
        if let symbol = FormulaSymbols.ordinary[name] { return .symbol(symbol, .ordinary) }
        if let symbol = FormulaSymbols.binary[name] { return .symbol(symbol, .binary) }
        if let symbol = FormulaSymbols.relations[name] {
            if name.hasPrefix("x") {
                let lower = optionalArgument()
                return .scripts(base: .symbol(symbol, .relation), lower: lower, upper: argument())
            }
            return .symbol(symbol, .relation)
        }
        if let symbol = FormulaSymbols.largeOperators[name] { return .largeOperator(symbol) }
        if let symbol = FormulaSymbols.integrals[name] { return .symbol(symbol, .ordinary) }
        if FormulaSymbols.limitNames.contains(name) { return .largeOperator(name) }
        if FormulaSymbols.functionNames.contains(name) { return .function(name) }
        if let mark = FormulaSymbols.accents[name] { return .accent(mark, argument()) }
        if let width = FormulaSymbols.spaces[name] {
            if name == "hspace" { _ = words() }
            return name == "!" ? nil : .space(width)
        }
        if FormulaSymbols.wordCommands.contains(name) || FormulaSymbols.wordCommands.contains(name + "*") {
            let words = words()
            return name.hasPrefix("operatorname") ? .function(words) : .words(words)
        }
        if FormulaSymbols.transparent.contains(name) {
            if name == "color" { _ = words() }
            return .group(argument())
        }
        if FormulaSymbols.ignored.contains(name) { return nil }
        return structure(name)
    }
}
