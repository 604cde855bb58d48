/// Expressions, from the loosest binding to the tightest:
/// `if`-`else`, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`, `**`, unary signs, then postfix steps.
extension Parser {
    /// Names that are literals.
    static let constants: [String: JinjaValue] = [
        "true": .bool(true), "True": .bool(true), "false": .bool(false), "False": .bool(false), "none": .none,
        "None": .none,
    ]

    /// An expression, or several separated by commas, which make a tuple.
    /// - Parameter keyword: a word that ends the tuple if it follows a comma.
    mutating func parseTuple(
        allowingConditional: Bool = true, endingAt keyword: String? = nil, allowingEmpty: Bool = false
    ) throws(JinjaError) -> Expression {
        var elements: [Expression] = []
        var isTuple = false
        while !atTupleEnd(keyword) {
            elements.append(try parseExpression(allowingConditional: allowingConditional))
            guard skip(.comma) else { break }
            isTuple = true
        }
        if !isTuple, let only = elements.first { return only }
        guard isTuple || allowingEmpty else { throw error("expected an expression, found \(current.kind)") }
        return .tuple(elements)
    }

    private func atTupleEnd(_ keyword: String?) -> Bool {
        switch current.kind {
        case .variableEnd, .blockEnd, .symbol(.closeParenthesis): true
        case .name(let name): name == keyword
        default: false
        }
    }

    mutating func parseExpression(allowingConditional: Bool = true) throws(JinjaError) -> Expression {
        try nested { (parser) throws(JinjaError) in
            allowingConditional ? try parser.parseConditional() : try parser.parseOr()
        }
    }

    private mutating func parseConditional() throws(JinjaError) -> Expression {
        var value = try parseOr()
        var branches: [(value: Expression, condition: Expression)] = []
        while skip(keyword: "if") {
            branches.append((value, try parseOr()))
            guard skip(keyword: "else") else { return try parseTrailingConditions(branches) }
            value = try parseOr()
        }
        return branches.isEmpty ? value : .conditional(branches, otherwise: value)
    }

    /// `a if b if c`: a conditional without `else` may be the value of another one.
    private mutating func parseTrailingConditions(
        _ branches: [(value: Expression, condition: Expression)]
    ) throws(JinjaError) -> Expression {
        let value = Expression.conditional(branches, otherwise: nil)
        guard skip(keyword: "if") else { return value }
        return try nested { (parser) throws(JinjaError) in
            let condition = try parser.parseOr()
            guard parser.skip(keyword: "else") else { return try parser.parseTrailingConditions([(value, condition)]) }
            return .conditional([(value, condition)], otherwise: try parser.parseConditional())
        }
    }

    // MARK: - Logic and comparison

    private mutating func parseOr() throws(JinjaError) -> Expression {
        var operands = [try parseAnd()]
        while skip(keyword: "or") { operands.append(try parseAnd()) }
        return operands.count == 1 ? operands[0] : .or(operands)
    }

    private mutating func parseAnd() throws(JinjaError) -> Expression {
        var operands = [try parseNot()]
        while skip(keyword: "and") { operands.append(try parseNot()) }
        return operands.count == 1 ? operands[0] : .and(operands)
    }

    private mutating func parseNot() throws(JinjaError) -> Expression {
        var negations = 0
        while skip(keyword: "not") { negations += 1 }
        let operand = try parseComparison()
        switch negations {
        case 0: return operand
        case _ where negations % 2 == 1: return .not(operand)
        default: return .not(.not(operand))
        }
    }

    private static let comparisons: [Token.Symbol: Comparison] = [
        .equal: .equal, .notEqual: .notEqual, .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
        .greaterOrEqual: .greaterOrEqual,
    ]

    private mutating func parseComparison() throws(JinjaError) -> Expression {
        let first = try parseSum()
        var rest: [(operation: Comparison, operand: Expression)] = []
        while let operation = readComparison() { rest.append((operation, try parseSum())) }
        return rest.isEmpty ? first : .comparison(first, rest)
    }

    private mutating func readComparison() -> Comparison? {
        if case .symbol(let symbol) = current.kind, let operation = Self.comparisons[symbol] {
            advance()
            return operation
        }
        if skip(keyword: "in") { return .contained }
        if at(keyword: "not"), next.kind == .name("in") {
            advance()
            advance()
            return .notContained
        }
        return nil
    }

    // MARK: - Arithmetic

    private static let sums: [Token.Symbol: Arithmetic] = [.add: .add, .subtract: .subtract]
    private static let products: [Token.Symbol: Arithmetic] = [
        .multiply: .multiply, .divide: .divide, .floorDivide: .floorDivide, .modulo: .modulo,
    ]
    private static let powers: [Token.Symbol: Arithmetic] = [.power: .power]

    private mutating func parseSum() throws(JinjaError) -> Expression {
        try parseChain(Self.sums) { (parser) throws(JinjaError) in try parser.parseConcatenation() }
    }

    private mutating func parseConcatenation() throws(JinjaError) -> Expression {
        var operands = [try parseProduct()]
        while skip(.concatenate) { operands.append(try parseProduct()) }
        return operands.count == 1 ? operands[0] : .concatenation(operands)
    }

    private mutating func parseProduct() throws(JinjaError) -> Expression {
        try parseChain(Self.products) { (parser) throws(JinjaError) in
            // Powers associate to the left, as in Jinja2 but unlike Python.
            try parser.parseChain(Self.powers) { (parser) throws(JinjaError) in try parser.parseUnary() }
        }
    }

    private mutating func parseChain(
        _ operations: [Token.Symbol: Arithmetic], operand: (inout Parser) throws(JinjaError) -> Expression
    ) throws(JinjaError) -> Expression {
        let first = try operand(&self)
        var rest: [(operation: Arithmetic, operand: Expression)] = []
        while case .symbol(let symbol) = current.kind, let operation = operations[symbol] {
            advance()
            rest.append((operation, try operand(&self)))
        }
        return rest.isEmpty ? first : .arithmetic(first, rest)
    }

    private mutating func parseUnary(allowingFilters: Bool = true) throws(JinjaError) -> Expression {
        let base: Expression
        if skip(.subtract) {
            base = .negate(try nested { (parser) throws(JinjaError) in try parser.parseUnary(allowingFilters: false) })
        } else if skip(.add) {
            base = .plus(try nested { (parser) throws(JinjaError) in try parser.parseUnary(allowingFilters: false) })
        } else {
            base = try parsePrimary()
        }
        var steps = try parseAccess()
        if allowingFilters { steps += try parseFiltersAndTests() }
        return steps.isEmpty ? base : .postfix(base, steps)
    }

    // MARK: - Values

    private mutating func parsePrimary() throws(JinjaError) -> Expression {
        let kind = current.kind
        switch kind {
        case .name(let name):
            advance()
            if let constant = Self.constants[name] { return .literal(constant) }
            recordMention(of: name)
            return .name(name)
        case .string(var text):
            advance()
            while case .string(let more) = current.kind {
                text.append(more)
                advance()
            }
            return .literal(.string(text))
        case .integer(let value):
            advance()
            return .literal(.int(value))
        case .float(let value):
            advance()
            return .literal(.float(value))
        case .symbol(.openParenthesis):
            advance()
            let inner = try parseTuple(allowingEmpty: true)
            try expect(.symbol(.closeParenthesis))
            return inner
        case .symbol(.openBracket):
            return .list(
                try parseElements(closing: .closeBracket) { (parser) throws(JinjaError) in
                    try parser.parseExpression()
                })
        case .symbol(.openBrace):
            return .dict(
                try parseElements(closing: .closeBrace) { (parser) throws(JinjaError) in
                    let key = try parser.parseExpression()
                    try parser.expect(.symbol(.colon))
                    return (key, try parser.parseExpression())
                })
        default:
            throw error("expected an expression, found \(kind)")
        }
    }

    /// Elements separated by commas, with an optional trailing comma.
    private mutating func parseElements<Element>(
        closing: Token.Symbol, _ element: (inout Parser) throws(JinjaError) -> Element
    ) throws(JinjaError) -> [Element] {
        var elements: [Element] = []
        advance()
        while !at(closing) {
            if !elements.isEmpty {
                try expect(.symbol(.comma))
                if at(closing) { break }
            }
            elements.append(try element(&self))
        }
        advance()
        return elements
    }

    /// The argument of a test written without parentheses, as in `is divisibleby 3`.
    mutating func parseTestOperand() throws(JinjaError) -> Expression {
        try nested { (parser) throws(JinjaError) in
            let base = try parser.parsePrimary()
            let steps = try parser.parseAccess()
            return steps.isEmpty ? base : .postfix(base, steps)
        }
    }
}
