extension Parser {
    private typealias Rule = @Sendable (inout Parser, Int) throws(JinjaError) -> Statement.Kind

    /// How to parse each tag once its name has been read. The number is the tag's line.
    private static let rules: [String: Rule] = [
        "if": { (parser, line) throws(JinjaError) in try parser.parseIf() },
        "for": { (parser, line) throws(JinjaError) in try parser.parseFor() },
        "set": { (parser, line) throws(JinjaError) in try parser.parseSet() },
        "macro": { (parser, line) throws(JinjaError) in try parser.parseMacro() },
        "call": { (parser, line) throws(JinjaError) in try parser.parseCall() },
        "filter": { (parser, line) throws(JinjaError) in try parser.parseFilterBlock() },
        "with": { (parser, line) throws(JinjaError) in try parser.parseWith() },
        "generation": { (parser, line) throws(JinjaError) in try parser.parseGeneration() },
        "break": { (parser, line) throws(JinjaError) in try parser.parseLoopControl(.breakLoop, "break") },
        "continue": { (parser, line) throws(JinjaError) in try parser.parseLoopControl(.continueLoop, "continue") },
    ]

    /// Parses statements up to one of the tags `ends`, whose name becomes the current token.
    /// - Parameter opener: the tag whose body this is, for the error message; nil for the whole template.
    mutating func parseStatements(until ends: [String], opener: String?) throws(JinjaError) -> [Statement] {
        var statements: [Statement] = []
        while true {
            let line = line
            switch current.kind {
            case .data(let text):
                statements.append(Statement(line: line, kind: .text(text)))
                advance()
            case .variableBegin:
                advance()
                statements.append(Statement(line: line, kind: .output(try parseTuple())))
                try expect(.variableEnd)
            case .blockBegin:
                advance()
                guard case .name(let tag) = current.kind else { throw error("expected a tag name after '{%'") }
                if ends.contains(tag) { return statements }
                guard let rule = Self.rules[tag] else { throw unknownTag(tag, ends: ends, opener: opener) }
                advance()
                let kind = try nested { (parser) throws(JinjaError) in try rule(&parser, line) }
                statements.append(Statement(line: line, kind: kind))
                try expect(.blockEnd)
            default:
                guard let opener else { return statements }
                throw error("the template ends inside '\(opener)': missing \(Self.alternatives(ends))")
            }
        }
    }

    private func unknownTag(_ tag: String, ends: [String], opener: String?) -> JinjaError {
        guard let opener else { return error("unknown tag '\(tag)'") }
        return error("unexpected tag '\(tag)' inside '\(opener)', expected \(Self.alternatives(ends))")
    }

    private static func alternatives(_ tags: [String]) -> String { tags.map { "'\($0)'" }.joined(separator: " or ") }

    /// Parses `%}` and a body, and stops at one of `ends`.
    private mutating func parseBody(of opener: String, until ends: [String]) throws(JinjaError) -> [Statement] {
        _ = skip(.colon)
        try expect(.blockEnd)
        return try parseStatements(until: ends, opener: opener)
    }

    /// Parses `%}`, a body, and the tag that ends it.
    private mutating func parseBodyAndEnd(of opener: String) throws(JinjaError) -> [Statement] {
        let body = try parseBody(of: opener, until: ["end" + opener])
        advance()
        return body
    }

    // MARK: - Branches and loops

    private mutating func parseIf() throws(JinjaError) -> Statement.Kind {
        var branches: [(condition: Expression, body: [Statement])] = []
        repeat {
            let condition = try parseTuple(allowingConditional: false)
            branches.append((condition, try parseBody(of: "if", until: ["elif", "else", "endif"])))
        } while skip(keyword: "elif")
        let otherwise = skip(keyword: "else") ? try parseBody(of: "if", until: ["endif"]) : []
        advance()
        return .condition(branches: branches, otherwise: otherwise)
    }

    private mutating func parseFor() throws(JinjaError) -> Statement.Kind {
        let target = try parseTarget(allowingAttributes: false)
        try expect(.name("in"))
        let sequence = try parseTuple(allowingConditional: false, endingAt: "recursive")
        let condition = skip(keyword: "if") ? try parseExpression() : nil
        let isRecursive = skip(keyword: "recursive")
        loopDepth += 1
        let body = try parseBody(of: "for", until: ["endfor", "else"])
        loopDepth -= 1
        let otherwise = skip(keyword: "else") ? try parseBody(of: "for", until: ["endfor"]) : []
        advance()
        return .loop(
            Loop(
                target: target, sequence: sequence, condition: condition, isRecursive: isRecursive, body: body,
                otherwise: otherwise))
    }

    private mutating func parseLoopControl(
        _ kind: Statement.Kind, _ name: String
    ) throws(JinjaError) -> Statement.Kind {
        guard loopDepth > 0 else { throw error("'\(name)' is only allowed in a loop") }
        return kind
    }

    // MARK: - Assignments and scopes

    private mutating func parseSet() throws(JinjaError) -> Statement.Kind {
        let target = try parseTarget(allowingAttributes: true)
        if skip(.assign) { return .set(target, try parseTuple()) }
        let filters = try parseFilters()
        return .setBlock(target, filters: filters, body: try parseBodyAndEnd(of: "set"))
    }

    private mutating func parseWith() throws(JinjaError) -> Statement.Kind {
        var assignments: [(target: Target, value: Expression)] = []
        while current.kind != .blockEnd {
            if !assignments.isEmpty { try expect(.symbol(.comma)) }
            let target = try parseTarget(allowingAttributes: false)
            try expect(.symbol(.assign))
            assignments.append((target, try parseExpression()))
        }
        return .with(assignments, body: try parseBodyAndEnd(of: "with"))
    }

    private mutating func parseFilterBlock() throws(JinjaError) -> Statement.Kind {
        let filters = try [parseFilter()] + parseFilters()
        return .filterBlock(filters: filters, body: try parseBodyAndEnd(of: "filter"))
    }

    private mutating func parseGeneration() throws(JinjaError) -> Statement.Kind {
        .generation(
            body: try outsideLoops { (parser) throws(JinjaError) in try parser.parseBodyAndEnd(of: "generation") })
    }

    /// The target of an assignment: a name, a namespace attribute, or several of them.
    private mutating func parseTarget(allowingAttributes: Bool) throws(JinjaError) -> Target {
        var targets: [Target] = []
        var isTuple = false
        while !at(keyword: "in"), !at(.assign), !at(.closeParenthesis), current.kind != .blockEnd {
            targets.append(try parseSingleTarget(allowingAttributes: allowingAttributes))
            guard skip(.comma) else { break }
            isTuple = true
        }
        guard let first = targets.first else { throw error("expected a name to assign to, found \(current.kind)") }
        return isTuple ? .tuple(targets) : first
    }

    private mutating func parseSingleTarget(allowingAttributes: Bool) throws(JinjaError) -> Target {
        if skip(.openParenthesis) {
            let inner = try nested { (parser) throws(JinjaError) in
                try parser.parseTarget(allowingAttributes: allowingAttributes)
            }
            try expect(.symbol(.closeParenthesis))
            return inner
        }
        let name = try expectName()
        guard Self.constants[name] == nil else { throw error("cannot assign to '\(name)'") }
        guard allowingAttributes, skip(.dot) else { return .name(name) }
        recordMention(of: name)
        return .attribute(of: name, name: JinjaString(try expectName(), trusted: true))
    }

    // MARK: - Macros

    private mutating func parseMacro() throws(JinjaError) -> Statement.Kind {
        let name = try expectName()
        return .macro(
            try parseMacro(named: name, tag: "macro") { (parser) throws(JinjaError) in
                try parser.parseParameters()
            })
    }

    private mutating func parseCall() throws(JinjaError) -> Statement.Kind {
        var callee: Expression?
        let caller = try parseMacro(named: "caller", tag: "call") { (parser) throws(JinjaError) in
            let parameters = parser.at(.openParenthesis) ? try parser.parseParameters() : []
            callee = try parser.parseExpression()
            return parameters
        }
        guard let callee, case .postfix(_, let steps) = callee, case .call = steps.last else {
            throw error("'call' must be followed by a call, as in {% call name(…) %}")
        }
        return .call(callee, caller: caller)
    }

    /// Parses the parameters with `head`, then the body, and records which special names it mentions.
    private mutating func parseMacro(
        named name: String, tag: String,
        head: (inout Parser) throws(JinjaError) -> [(name: String, fallback: Expression?)]
    ) throws(JinjaError) -> Macro {
        let parameters = try head(&self)
        mentionedNames.append([])
        let body = try outsideLoops { (parser) throws(JinjaError) in try parser.parseBodyAndEnd(of: tag) }
        let names = mentionedNames.removeLast()
        return Macro(
            name: name, parameters: parameters, body: body, usesVarargs: names.contains("varargs"),
            usesKwargs: names.contains("kwargs"), usesCaller: names.contains("caller"))
    }

    private mutating func parseParameters() throws(JinjaError) -> [(name: String, fallback: Expression?)] {
        var parameters: [(name: String, fallback: Expression?)] = []
        try expect(.symbol(.openParenthesis))
        while !at(.closeParenthesis) {
            if !parameters.isEmpty { try expect(.symbol(.comma)) }
            let name = try expectName()
            let fallback = skip(.assign) ? try parseExpression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw error("parameter '\(name)' must have a default, because the one before it has")
            }
            parameters.append((name, fallback))
        }
        advance()
        return parameters
    }

    /// Parses what is not inside the enclosing loops, such as the body of a macro.
    private mutating func outsideLoops<Result>(
        _ parse: (inout Parser) throws(JinjaError) -> Result
    ) throws(JinjaError) -> Result {
        let depth = loopDepth
        loopDepth = 0
        defer { loopDepth = depth }
        return try parse(&self)
    }
}
