/// A regular expression that is invalid or uses unsupported syntax.
struct PatternError: Error, Equatable, CustomStringConvertible {
    let pattern: String
    /// The index of the scalar at which parsing stopped.
    let position: Int
    let problem: String

    /// Patterns come from files: only the beginning is shown, with control characters escaped.
    var description: String {
        let shown = String(pattern.unicodeScalars.prefix(100).map(Character.init))
        return "pattern \(shown.debugDescription), character \(position): \(problem)"
    }
}

/// The kinds of regular expressions.
enum PatternSyntax: Sendable {
    /// The table of pre-tokenizers: as in llama.cpp.
    case table
    /// Oniguruma with its own syntax, which `tokenizers` uses: ignoring case applies to all letters, and `^` and `$` to
    /// every line.
    case oniguruma
}
