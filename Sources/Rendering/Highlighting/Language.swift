import TUI

/// What the lexer has to know about a language: data, one file each in `Languages/`.
struct Language: Sendable {
    /// As they stand after a fence, in lower case.
    var names: [String]
    var ignoresCase = false

    /// Whole words and what they are.
    var words: [String: StyleRole] = [:]
    /// What every other word is; nil leaves that to the rules below.
    var otherWords: StyleRole?
    /// Bytes beside letters, digits and underscores that words hold, but do not begin with.
    var innerWordBytes: Set<UInt8> = []
    /// Words that may stand right before a quote and belong to it.
    var stringPrefixes: Set<String> = []
    /// "Name" is a type, "NAME" a constant.
    var capitalsMeanTypes = false
    /// A word before a bracket is a function.
    var bracketsMeanCalls = false
    /// The first word of a command is a function.
    var firstWordIsCommand = false
    /// What stands before a colon is a property.
    var colons = ColonRule.none

    var lineComments: [LineComment] = []
    /// Tried in this order.
    var regions: [Region] = []
    var sigils: [Sigil] = []
    /// What a line is by its beginning; tried in this order.
    var lines: [LineRule] = []
    /// `<<WORD` begins lines of text, up to one that is this word.
    var hasHereDocuments = false
    /// A line that ends in `|` or `>` begins lines of text, as long as they are further in.
    var hasBlockScalars = false
    /// A slash where no value ends begins a pattern.
    var hasPatterns = false
    /// Characters that end a number.
    var unitBytes: Set<UInt8> = []

    enum ColonRule: Sendable {
        case none
        /// Words and strings, as in CSS and JSON.
        case wordsAndStrings
        /// Everything from the beginning of the line, as in YAML.
        case lineStarts
    }

    struct LineComment: Sendable {
        var open: [UInt8]
        /// Only at the line's beginning or after a blank.
        var needsBlank = false
    }

    /// From one mark to another, perhaps over several lines.
    struct Region: Sendable {
        var open: [UInt8]
        var close: [UInt8]
        var role: StyleRole
        /// A character that takes its meaning from the one after it.
        var escape: UInt8?
        var spansLines = false
        var nests = false
        /// A single character or escape; otherwise the opening mark is something else.
        var isCharacter = false
        /// The language between the marks; nil for plain text.
        var inside: String?
        /// The word that must stand before it.
        var after: String?
        /// What a word right after the opening mark is; without such a word the mark is something else.
        var head: StyleRole?
        /// After the closing mark: the language up to the end that the head word asks for, as in `<script>`.
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

        /// Marks around another language.
        static func nested(
            _ open: String, _ close: String, _ language: String, role: StyleRole = .codeBlock, head: StyleRole? = nil,
            bodies: [String: String] = [:]
        ) -> Region {
            Region(
                open: Array(open.utf8), close: Array(close.utf8), role: role, spansLines: true, inside: language,
                head: head, bodies: bodies)
        }
    }

    /// A mark that says what the word after it is.
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
    /// A table of words from lists that are separated by blanks.
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

/// Every language that is coloured.
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

/// A language as the lexer uses it: shared, because it is looked at for every piece.
final class Lexicon: Sendable {
    let language: Language
    /// For each byte, whether anything but a word, a number or plain text may begin with it.
    private let begins: [Bool]

    init(_ language: Language) {
        self.language = language
        var begins = Array(repeating: false, count: 256)
        let marks = language.lineComments.map(\.open) + language.regions.map(\.open) + language.sigils.map(\.mark)
        for mark in marks { if let first = mark.first { begins[Int(first)] = true } }
        if language.hasHereDocuments { begins[Int(UInt8(ascii: "<"))] = true }
        if language.hasPatterns { begins[Int(UInt8(ascii: "/"))] = true }
        self.begins = begins
    }

    func mayBegin(_ byte: UInt8) -> Bool { begins[Int(byte)] }
}
