/// Reads TeX as people and models write it in messages. Never fails: what it does not know is shown as it was written.
struct FormulaParser {
    private static let deepest = 24

    private var rest: Substring
    private var depth = 0

    static func parse(_ tex: String) -> [FormulaNode] {
        var parser = FormulaParser(rest: tex[...])
        let rows = parser.cells { _ in false }
        if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
        return [.rows(FormulaNode.Rows(kind: .equations, left: "", right: "", cells: rows))]
    }

    private init(rest: Substring) { self.rest = rest }

    /// Lists of nodes in columns (`&`) and rows (`\\`), up to a place that ends them all.
    private mutating func cells(until isEnd: (Substring) -> Bool) -> [[[FormulaNode]]] {
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
        // A line end at the end begins nothing.
        if rows.count > 1, let last = rows.last, last.allSatisfy(\.isEmpty) { rows.removeLast() }
        return rows
    }

    private mutating func list(until isEnd: (Substring) -> Bool) -> [FormulaNode] {
        var nodes: [FormulaNode] = []
        while !rest.isEmpty, !isEnd(rest) {
            // A stray mark of a table.
            if rest.first == "&" { rest.removeFirst() } else { append(to: &nodes) }
        }
        return nodes
    }

    /// Reads the next thing; scripts join what stands before them.
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

    private mutating func group(close: Character) -> [FormulaNode] {
        guard depth < Self.deepest else {
            // Too deep to be a formula anybody reads: on one level from here.
            return []
        }
        depth += 1
        defer { depth -= 1 }
        let nodes = list { $0.first == close }
        if rest.first == close { rest.removeFirst() }
        return nodes
    }

    /// The argument of a command: a group, or the next thing alone.
    private mutating func argument() -> [FormulaNode] {
        rest = rest.drop(while: \.isWhitespace)
        if rest.first == "{" {
            rest.removeFirst()
            return group(close: "}")
        }
        guard let first = rest.first, !"}&^_".contains(first), depth < Self.deepest else { return [] }
        depth += 1
        defer { depth -= 1 }
        return next().map { [$0] } ?? []
    }

    /// The argument of a command whose argument is words.
    private mutating func words() -> String {
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
                if rest.first.map({ !$0.isLetter }) == true { text.append(rest.removeFirst()) }
                continue
            }
            text.append(character.isNewline || character == "~" ? " " : character)
        }
        return text
    }

    private mutating func skipOptionalArgument() {
        let after = rest.drop { $0 == " " }
        guard after.first == "[", let close = after.prefix(20).firstIndex(of: "]"),
            after[..<close].dropFirst().allSatisfy({ $0.isNumber || $0.isLetter || $0 == "." || $0 == "-" })
        else { return }
        rest = after[after.index(after: close)...]
    }

    // MARK: Commands

    private mutating func commandName() -> String {
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
                skipOptionalArgument()
                let label = argument()
                return .scripts(base: .symbol(symbol, .relation), lower: [], upper: label)
            }
            return .symbol(symbol, .relation)
        }
        if let symbol = FormulaSymbols.large[name] { return .large(symbol) }
        if let symbol = FormulaSymbols.integrals[name] { return .symbol(symbol, .ordinary) }
        if FormulaSymbols.limitNames.contains(name) { return .large(name) }
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

    private mutating func structure(_ name: String) -> FormulaNode? {
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac": return .fraction(argument(), argument())
        case "binom", "dbinom", "tbinom": return .binomial(argument(), argument())
        case "sqrt":
            var degree: [FormulaNode] = []
            rest = rest.drop(while: \.isWhitespace)
            if rest.first == "[" {
                rest.removeFirst()
                degree = group(close: "]")
            }
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
        case "underbrace", "overbrace", "overleftarrow": return .group(argument())
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
        guard depth < Self.deepest else { return .symbol(left, .ordinary) }
        depth += 1
        defer { depth -= 1 }
        let isEnd: (Substring) -> Bool = { $0.hasPrefix("\\right") && $0.dropFirst(6).first?.isLetter != true || $0.first == "}" }
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
        guard depth < Self.deepest else { return nil }
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
