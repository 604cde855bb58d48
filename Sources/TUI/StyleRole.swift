/// The role of a part of the screen. A theme defines the look of each; a role it leaves out looks like its fallback.
public enum StyleRole: String, Sendable, CaseIterable {
    /// Ordinary text: the root of all fallbacks.
    case text
    /// Less important: times, counts, hints.
    case muted
    /// What should stand out.
    case accent
    case success, warning, error

    case header, headerTitle, rule
    case user, assistant, stats
    case heading, heading2, heading3, strong, emphasis, strongEmphasis, strike, code, quote, quoteBar, listMarker
    case taskDone, link, linkAddress, html, formula, tableHeader, tableRule
    case codeBlock, codeLanguage
    case syntaxKeyword, syntaxType, syntaxConstant, syntaxString, syntaxNumber, syntaxComment, syntaxFunction
    case syntaxProperty, syntaxVariable, syntaxDirective, syntaxTag
    case diffInserted, diffDeleted, diffHunk
    /// A model's reasoning.
    case reasoning
    case input, inputPrompt, placeholder
    case status, statusKey, statusActive, gauge, gaugeEmpty
    case panel, panelBorder, panelTitle, selected, match
    /// Search matches, and the current one.
    case found, foundCurrent
    /// The tokens of a reply by probability, from nearly certain to rare, and the one at the cursor.
    case tokenSure, tokenLikely, tokenOpen, tokenUnlikely, tokenRare, tokenCursor

    public var fallback: StyleRole? {
        switch self {
        case .text: nil
        case .muted, .accent, .success, .warning, .error, .input, .panel, .heading, .strong, .emphasis, .code, .quote,
            .formula:
            .text
        case .header, .status, .rule, .stats, .placeholder, .gaugeEmpty, .reasoning: .muted
        case .headerTitle, .user, .assistant, .inputPrompt, .statusKey, .gauge, .panelTitle, .selected, .match,
            .listMarker, .link:
            .accent
        case .heading2: .heading
        case .heading3: .heading2
        case .strongEmphasis, .tableHeader: .strong
        case .strike, .html, .linkAddress: .muted
        case .quoteBar, .tableRule: .rule
        case .taskDone: .success
        case .codeBlock: .code
        case .found: .match
        case .tokenSure: .text
        case .tokenLikely: .success
        case .tokenOpen, .tokenUnlikely: .warning
        case .tokenRare: .error
        case .tokenCursor: .selected
        case .foundCurrent: .selected
        case .syntaxKeyword, .syntaxType, .syntaxConstant, .syntaxString, .syntaxNumber, .syntaxComment,
            .syntaxFunction,
            .syntaxProperty, .codeLanguage:
            .codeBlock
        case .syntaxVariable: .syntaxProperty
        case .syntaxDirective, .syntaxTag: .syntaxKeyword
        case .diffInserted: .syntaxString
        case .diffDeleted, .diffHunk: .syntaxKeyword
        case .statusActive: .success
        case .panelBorder: .rule
        }
    }
}
