/// A formula as a tree.
indirect enum FormulaNode: Sendable, Hashable {
    case symbol(String, FormulaSymbols.Spacing)
    /// Upright words, blanks included.
    case words(String)
    /// The name of a function: a blank separates it from what follows.
    case function(String)
    case space(Int)
    case group([FormulaNode])
    case scripts(base: FormulaNode, lower: [FormulaNode], upper: [FormulaNode])
    /// A sum, a limit: scripts stand below and above it when displayed.
    case large(String)
    case fraction([FormulaNode], [FormulaNode])
    case binomial([FormulaNode], [FormulaNode])
    case root(degree: [FormulaNode], [FormulaNode])
    /// A combining mark over (or under) what follows.
    case accent(String, [FormulaNode])
    case fenced(left: String, [FormulaNode], right: String)
    case rows(Rows)

    /// A matrix, the cases of a definition, aligned equations.
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
