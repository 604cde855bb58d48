/// A node of a formula's syntax tree.
indirect enum FormulaNode: Sendable, Hashable {
    case symbol(String, FormulaSymbols.Spacing)
    /// Upright text, including blanks.
    case words(String)
    /// The name of a function, followed by a blank.
    case function(String)
    case space(Int)
    case group([FormulaNode])
    case scripts(base: FormulaNode, lower: [FormulaNode], upper: [FormulaNode])
    /// A large operator or limit, whose scripts are above and below it when displayed.
    case largeOperator(String)
    case fraction([FormulaNode], [FormulaNode])
    case binomial([FormulaNode], [FormulaNode])
    case root(degree: [FormulaNode], [FormulaNode])
    /// A combining mark over (or under) its argument.
    case accent(String, [FormulaNode])
    case fenced(left: String, [FormulaNode], right: String)
    case rows(Rows)

    /// A matrix, a case distinction, or aligned equations.
    struct Rows: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case matrix, cases, equations
        }

        var kind: Kind
        var left: String
        var right: String
        var cells: [[[FormulaNode]]]
    }
}
