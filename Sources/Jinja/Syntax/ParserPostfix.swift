/// What may follow a value: `.name`, `[…]`, `(…)`, `| filter` and `is test`.
extension Parser {
    /// Any number of `.name`, `[…]` and `(…)`.
    mutating func parseAccess() throws(JinjaError) -> [Postfix] {
        var steps: [Postfix] = []
        while true {
            if skip(.dot) {
                steps.append(try parseAttribute())
            } else if at(.openBracket) {
                steps.append(try parseSubscript())
            } else if at(.openParenthesis) {
                steps.append(.call(try parseArguments()))
            } else {
                return steps
            }
        }
    }

    /// Filters, tests, and calls of their results.
    mutating func parseFiltersAndTests() throws(JinjaError) -> [Postfix] {
        var steps: [Postfix] = []
        while true {
            if skip(.pipe) {
                steps.append(try parseFilter())
            } else if skip(keyword: "is") {
                steps.append(try parseTest())
            } else if at(.openParenthesis) {
                steps.append(.call(try parseArguments()))
            } else {
                return steps
            }
        }
    }

    /// `| filter | filter`.
    mutating func parseFilters() throws(JinjaError) -> [Postfix] {
        var filters: [Postfix] = []
        while skip(.pipe) { filters.append(try parseFilter()) }
        return filters
    }

    /// A filter whose `|` has been read.
    mutating func parseFilter() throws(JinjaError) -> Postfix {
        let name = try parseDottedName()
        return .filter(name, at(.openParenthesis) ? try parseArguments() : CallArguments())
    }

    private mutating func parseTest() throws(JinjaError) -> Postfix {
        let negated = skip(keyword: "not")
        let name = try parseDottedName()
        if at(.openParenthesis) { return .test(name, try parseArguments(), negated: negated) }
        var arguments = CallArguments()
        switch current.kind {
        case .name("else"), .name("or"), .name("and"): break
        case .name("is"): throw error("tests cannot be chained; join them with 'and'")
        case .name, .string, .integer, .float, .symbol(.openBracket), .symbol(.openBrace):
            arguments.positional = [try parseTestOperand()]
        default: break
        }
        return .test(name, arguments, negated: negated)
    }

    private mutating func parseDottedName() throws(JinjaError) -> String {
        var name = try expectName()
        while skip(.dot) { name += "." + (try expectName()) }
        return name
    }

    private mutating func parseAttribute() throws(JinjaError) -> Postfix {
        if case .integer(let index) = current.kind {
            advance()
            return .item(.literal(.int(index)))
        }
        return .attribute(JinjaString(try expectName(), trusted: true))
    }

    // MARK: - Subscripts

    private mutating func parseSubscript() throws(JinjaError) -> Postfix {
        advance()
        var items: [Expression] = []
        while !at(.closeBracket) {
            if !items.isEmpty { try expect(.symbol(.comma)) }
            if at(.colon) { return try parseSlice(from: nil) }
            let item = try parseExpression()
            if at(.colon) { return try parseSlice(from: item) }
            items.append(item)
        }
        advance()
        return .item(items.count == 1 ? items[0] : .tuple(items))
    }

    /// A slice whose lower bound has been read; the current token is its first colon.
    private mutating func parseSlice(from lower: Expression?) throws(JinjaError) -> Postfix {
        advance()
        let upper = at(.colon) || at(.closeBracket) ? nil : try parseExpression()
        let step = skip(.colon) && !at(.closeBracket) ? try parseExpression() : nil
        try expect(.symbol(.closeBracket))
        return .slice(lower: lower, upper: upper, step: step)
    }

    // MARK: - Arguments

    mutating func parseArguments() throws(JinjaError) -> CallArguments {
        var arguments = CallArguments()
        advance()
        var isFirst = true
        while !at(.closeParenthesis) {
            if !isFirst {
                try expect(.symbol(.comma))
                if at(.closeParenthesis) { break }
            }
            isFirst = false
            try parseArgument(into: &arguments)
        }
        advance()
        return arguments
    }

    private mutating func parseArgument(into arguments: inout CallArguments) throws(JinjaError) {
        let hasExtra = arguments.extraPositional != nil || arguments.extraKeywords != nil
        if skip(.multiply) {
            guard !hasExtra else { throw error("only one '*' argument is allowed, and it must come before '**'") }
            arguments.extraPositional = try parseExpression()
        } else if skip(.power) {
            guard arguments.extraKeywords == nil else { throw error("only one '**' argument is allowed") }
            arguments.extraKeywords = try parseExpression()
        } else if case .name(let name) = current.kind, next.kind == .symbol(.assign) {
            guard arguments.extraKeywords == nil else { throw error("a keyword argument cannot follow '**'") }
            advance()
            advance()
            arguments.keywords.append((name, try parseExpression()))
        } else {
            guard !hasExtra, arguments.keywords.isEmpty else {
                throw error("a positional argument cannot follow a keyword argument")
            }
            arguments.positional.append(try parseExpression())
        }
    }
}
