/// Builds the syntax tree from tokens by recursive descent. Statements are in `ParserStatements.swift`, expressions in
/// `ParserExpressions.swift`; this file has the cursor.
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private let nestingLimit: Int
    private var nesting = 0
    /// The number of loops around the current position, within the innermost macro: `break` and `continue` need one.
    var loopDepth = 0
    /// The names mentionedNames so far in each macro being parsed, innermost last.
    var mentionedNames: [Set<String>] = []

    private init(_ tokens: [Token], limits: JinjaLimits) {
        self.tokens = tokens
        nestingLimit = limits.nesting
    }

    /// The statements of a complete template.
    static func parse(_ tokens: [Token], limits: JinjaLimits) throws(JinjaError) -> [Statement] {
        var parser = Parser(tokens, limits: limits)
        return try parser.parseStatements(until: [], opener: nil)
    }

    // MARK: - The cursor

    var current: Token { tokens[position] }
    var line: Int { current.line }
    /// The token after the current one.
    var next: Token { tokens[min(position + 1, tokens.count - 1)] }

    /// Moves to the next token; stays at the last one, `.end`.
    mutating func advance() { position = min(position + 1, tokens.count - 1) }

    func at(_ symbol: Token.Symbol) -> Bool { current.kind == .symbol(symbol) }
    func at(keyword: String) -> Bool { current.kind == .name(keyword) }

    mutating func skip(_ symbol: Token.Symbol) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(keyword: String) -> Bool {
        guard at(keyword: keyword) else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind) throws(JinjaError) {
        guard current.kind == kind else { throw error("expected \(kind), found \(current.kind)") }
        advance()
    }

    mutating func expectName() throws(JinjaError) -> String {
        guard case .name(let name) = current.kind else { throw error("expected a name, found \(current.kind)") }
        advance()
        return name
    }

    func error(_ message: String) -> JinjaError { JinjaError(.syntax, message, line: line) }

    /// Runs `parse` one level deeper.
    mutating func nested<Result>(
        _ parse: (inout Parser) throws(JinjaError) -> Result
    ) throws(JinjaError) -> Result {
        guard nesting < nestingLimit else {
            throw JinjaError(.limit, "blocks or brackets are nested deeper than \(nestingLimit) levels", line: line)
        }
        nesting += 1
        defer { nesting -= 1 }
        return try parse(&self)
    }

    /// Records that the macros being parsed mention `name`.
    mutating func recordMention(of name: String) {
        for index in mentionedNames.indices { mentionedNames[index].insert(name) }
    }
}
