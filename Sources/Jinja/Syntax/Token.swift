/// A token of a template, and the line it starts on.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        /// Text outside tags, after whitespace control.
        case data(JinjaString)
        case blockBegin
        case blockEnd
        case variableBegin
        case variableEnd
        case name(String)
        case string(JinjaString)
        case integer(Int)
        case float(Double)
        case symbol(Symbol)
        case end
    }

    /// Operators and punctuation, by their spelling.
    enum Symbol: String, Sendable, CaseIterable {
        case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", modulo = "%", power = "**"
        case concatenate = "~", pipe = "|", dot = ".", comma = ",", colon = ":", semicolon = ";", assign = "="
        case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
        case openParenthesis = "(", closeParenthesis = ")", openBracket = "[", closeBracket = "]"
        case openBrace = "{", closeBrace = "}"

        /// The bracket that closes this one.
        var closing: Symbol? {
            switch self {
            case .openParenthesis: .closeParenthesis
            case .openBracket: .closeBracket
            case .openBrace: .closeBrace
            default: nil
            }
        }

        var isClosing: Bool { self == .closeParenthesis || self == .closeBracket || self == .closeBrace }
    }

    let kind: Kind
    let line: Int
}

extension Token.Kind: CustomStringConvertible {
    /// How an error message names it.
    var description: String {
        switch self {
        case .data: "text"
        case .blockBegin: "'{%'"
        case .blockEnd: "'%}'"
        case .variableBegin: "'{{'"
        case .variableEnd: "'}}'"
        case .name(let name): "'\(name)'"
        case .string: "a string"
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .symbol(let symbol): "'\(symbol.rawValue)'"
        case .end: "the end of the template"
        }
    }
}
