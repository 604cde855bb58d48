import TUI

/// What the lexer needs to know about a language: plain data, one file per language in `Languages/`.
struct Language: Sendable {
    /// The names used after a fence, in lower case.
    var names: [String]
    var ignoresCase = false

    /// Words with a fixed role.
    var words: [String: StyleRole] = [:]
    /// The role of all other words; nil if the rules below decide.
    var otherWords: StyleRole?
    /// Bytes other than letters, digits and underscores that may be in a word, but not start it.
    var innerWordBytes: Set<UInt8> = []
    /// Words that belong to a string if directly followed by a quote.
    var stringPrefixes: Set<String> = []
    /// Whether "Name" is a type and "NAME" a constant.
    var capitalsMeanTypes = false
    /// Whether a word before a parenthesis is a function.
    var bracketsMeanCalls = false
    /// Whether the first word of a command is a function.
    var firstWordIsCommand = false
    /// Which text before a colon is a property.
    var colons = ColonRule.none

    var lineComments: [LineComment] = []
    /// In order of precedence.
    var regions: [Region] = []
    var sigils: [Sigil] = []
    /// Roles of lines by their beginning, in order of precedence.
    var lines: [LineRule] = []
    /// Whether `<<WORD` starts lines of text that end at a line with that word.
    var hasHereDocuments = false
    /// Whether a line ending in `|` or `>` starts lines of text that end when the indentation does.
    var hasBlockScalars = false
    /// Whether a slash where no value ends starts a regular expression.
    var hasRegexLiterals = false
    /// Characters other than letters that may end a number, such as `%`.
    var unitBytes: Set<UInt8> = []

    enum ColonRule: Sendable {
        case none
        /// Words and strings, as in CSS and JSON.
        case wordsAndStrings
        /// Everything from the start of the line, as in YAML.
        case lineStarts
    }

    struct LineComment: Sendable {
        var open: [UInt8]
        /// Only at the start of a line or after a blank.
        var needsBlank = false
    }

    /// Code or text between two marks, possibly on several lines.
    struct Region: Sendable {
        var open: [UInt8]
        var close: [UInt8]
        var role: StyleRole
        /// The character that escapes the one after it.
        var escape: UInt8?
        var spansLines = false
        var nests = false
        /// Whether it must be a single character or escape; otherwise it is not a match.
        var isCharacter = false
        /// The language between the marks; nil for plain text.
        var inside: String?
        /// The word that must precede it.
        var after: String?
        /// The role of the word directly after the opening mark, which must be there if this is set.
        var head: StyleRole?
        /// The language after the closing mark, by head word, up to the matching end tag, as for `<script>`.
        var bodies: [String: String] = [:]

        static func string(
            _ open: String, _ close: String? = nil, escape: Character? = "\\", spansLines: Bool = false
        ) -> Region {
            Region(
                open: Array(open.utf8), close: Array((close ?? open).utf8), role: .syntaxString,
                escape: escape?.asciiValue, spansLines: spansLines)
        }

        static func comment(_ open: String, _ close: String, nests: Bool = false) -> Region {
            Region(
                open: Array(open.utf8), close: Array(close.utf8), role: .syntaxComment, spansLines: true, nests: nests)
        }

        static let character = Region(
            open: Array("'".utf8), close: Array("'".utf8), role: .syntaxString, escape: UInt8(ascii: "\\"),
            isCharacter: true)

        /// A region in another language.
        static func nested(
            _ open: String, _ close: String, _ language: String, role: StyleRole = .codeBlock, head: StyleRole? = nil,
            bodies: [String: String] = [:]
        ) -> Region {
            Region(
                open: Array(open.utf8), close: Array(close.utf8), role: role, spansLines: true, inside: language,
                head: head, bodies: bodies)
        }
    }

    /// A mark that determines the role of the word after it.
    struct Sigil: Sendable {
        var mark: [UInt8]
        var role: StyleRole
        var isAtLineStart = false
        var needsBlank = false

        init(_ mark: String, _ role: StyleRole, isAtLineStart: Bool = false, needsBlank: Bool = false) {
            self.mark = Array(mark.utf8)
            self.role = role
            self.isAtLineStart = isAtLineStart
            self.needsBlank = needsBlank
        }
    }

    struct LineRule: Sendable {
        var start: [UInt8]
        var role: StyleRole

        init(_ start: String, _ role: StyleRole) {
            self.start = Array(start.utf8)
            self.role = role
        }
    }
}

extension Language.LineComment: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self.init(open: Array(text.utf8)) }
}

extension Language {
    /// Builds a table of words from lists separated by spaces.
    static func words(
        keywords: String = "", types: String = "", constants: String = "", functions: String = ""
    ) -> [String: StyleRole] {
        var table: [String: StyleRole] = [:]
        let lists: [(String, StyleRole)] = [
            (functions, .syntaxFunction), (types, .syntaxType), (constants, .syntaxConstant),
            (keywords, .syntaxKeyword),
        ]
        for (list, role) in lists { for word in list.split(separator: " ") { table[String(word)] = role } }
        return table
    }
}

/// All languages that can be highlighted.
enum Languages {
    private static let all: [Language] = [
        .swift, .python, .c, .cpp, .rust, .go, .javaScript, .typeScript, .java, .shell, .json, .yaml, .html, .htmlTag,
        .css, .cssBody, .sql, .diff,
    ]

    private static let byName: [String: Lexicon] = Dictionary(
        all.flatMap { language in
            let lexicon = Lexicon(language)
            return language.names.map { ($0, lexicon) }
        }, uniquingKeysWith: { first, _ in first })

    static func named(_ name: String) -> Lexicon? { byName[name.lowercased()] }
}

/// A language with what the lexer precomputes for it. Shared, because it is accessed for every span.
final class Lexicon: Sendable {
    let language: Language
    /// For each byte, whether anything but a word, a number or plain text may start with it.
    private let begins: [Bool]

    init(_ language: Language) {
        self.language = language
        var begins = Array(repeating: false, count: 256)
        let marks = language.lineComments.map(\.open) + language.regions.map(\.open) + language.sigils.map(\.mark)
        for mark in marks { if let first = mark.first { begins[Int(first)] = true } }
        if language.hasHereDocuments { begins[Int(UInt8(ascii: "<"))] = true }
        if language.hasRegexLiterals { begins[Int(UInt8(ascii: "/"))] = true }
        self.begins = begins
    }

    func mayBegin(_ byte: UInt8) -> Bool { begins[Int(byte)] }
}
