/// A statement and the line it starts on.
struct Statement: Sendable {
    let line: Int
    let kind: Kind

    indirect enum Kind: Sendable {
        case text(JinjaString)
        case output(Expression)
        /// `if`, `elif`…: runs the first branch whose condition is true, or `otherwise`.
        case condition(branches: [(condition: Expression, body: [Statement])], otherwise: [Statement])
        case loop(Loop)
        case set(Target, Expression)
        /// `{% set name | filter %}…{% endset %}`.
        case setBlock(Target, filters: [Postfix], body: [Statement])
        case macro(Macro)
        /// `{% call(arguments) callee(…) %}…{% endcall %}`: `caller` is the body, as a macro.
        case call(Expression, caller: Macro)
        case filterBlock(filters: [Postfix], body: [Statement])
        case with([(target: Target, value: Expression)], body: [Statement])
        /// `{% generation %}…{% endgeneration %}` marks what the assistant wrote; here it only opens a scope.
        case generation(body: [Statement])
        case breakLoop
        case continueLoop
    }
}

/// `{% for target in sequence if condition recursive %}body{% else %}otherwise{% endfor %}`.
struct Loop: Sendable {
    let target: Target
    let sequence: Expression
    let condition: Expression?
    let isRecursive: Bool
    let body: [Statement]
    let otherwise: [Statement]
}

/// A macro, or the body of a call block.
struct Macro: Sendable {
    let name: String
    /// Parameters in order; those with a default come last.
    let parameters: [(name: String, fallback: Expression?)]
    let body: [Statement]
    /// Which special names the body mentions. Only then can the macro be called with extra arguments.
    let usesVarargs: Bool
    let usesKwargs: Bool
    let usesCaller: Bool
}

/// The target of an assignment.
indirect enum Target: Sendable {
    case name(String)
    /// `namespace.attribute`.
    case attribute(of: String, name: JinjaString)
    case tuple([Target])
}

/// An expression. Chains of operators of one precedence (`a + b - c`, `a and b`, `x.y[0]|trim`) are one flat node each,
/// so that their length costs no stack.
indirect enum Expression: Sendable {
    case literal(JinjaValue)
    case name(String)
    case list([Expression])
    case tuple([Expression])
    case dict([(key: Expression, value: Expression)])
    case not(Expression)
    case negate(Expression)
    case plus(Expression)
    case and([Expression])
    case or([Expression])
    case comparison(Expression, [(operation: Comparison, operand: Expression)])
    case arithmetic(Expression, [(operation: Arithmetic, operand: Expression)])
    case concatenation([Expression])
    /// `value if condition else value if condition else otherwise`.
    case conditional([(value: Expression, condition: Expression)], otherwise: Expression?)
    case postfix(Expression, [Postfix])
}

/// A step applied to the value before it.
enum Postfix: Sendable {
    case attribute(JinjaString)
    case item(Expression)
    case slice(lower: Expression?, upper: Expression?, step: Expression?)
    case call(CallArguments)
    case filter(String, CallArguments)
    case test(String, CallArguments, negated: Bool)
}

/// The arguments of a call, unevaluated.
struct CallArguments: Sendable {
    var positional: [Expression] = []
    var keywords: [(name: String, value: Expression)] = []
    /// `*sequence` and `**mapping`.
    var extraPositional: Expression?
    var extraKeywords: Expression?
}

enum Comparison: Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, contained, notContained }

enum Arithmetic: String, Sendable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", modulo = "%", power = "**"
}
