import JSON

/// A step that splits a text into words (`pre_tokenizer`).
enum WordSplitter: Sendable {
    case byteLevel(ByteLevelSplitter)
    case pattern(TextPattern, SplitBehavior, isInverted: Bool)
    case characters(CharacterTest, SplitBehavior)
    case metaspace(Metaspace)
    /// Splits between characters of different scripts.
    case scripts
    /// Words of this many characters.
    case length(Int)

    private enum Name: String, CaseIterable {
        case sequence = "Sequence", byteLevel = "ByteLevel", split = "Split", whitespace = "Whitespace"
        case whitespaceSplit = "WhitespaceSplit", punctuation = "Punctuation", digits = "Digits"
        case metaspace = "Metaspace", bert = "BertPreTokenizer", delimiter = "CharDelimiterSplit"
        case scripts = "UnicodeScripts", fixedLength = "FixedLength"
    }

    /// The steps of the field, in order: sequences in sequences are one list.
    static func steps(_ field: FileField) throws(TokenizerError) -> [WordSplitter] {
        guard !field.isAbsent else { return [] }
        switch try field["type"].variant(Name.self) {
        case .sequence:
            var steps: [WordSplitter] = []
            for item in try field["pretokenizers"].items() {
                steps += try Self.steps(item)
                guard steps.count <= TextNormalizer.mostSteps else {
                    throw field.error("more than \(TextNormalizer.mostSteps) steps")
                }
            }
            return steps
        case .byteLevel: return [.byteLevel(try ByteLevelSplitter(field))]
        case .split:
            return [
                .pattern(
                    try TextPattern(field["pattern"]), try field["behavior"].variant(SplitBehavior.self),
                    isInverted: try field["invert"].bool())
            ]
        case .whitespace:
            // Runs of characters of words, and of others that are not white space (`WordCharacters.withJoiners`).
            let words = try field.pattern(#"[[:word:]\u200C\u200D]+|[^[:word:]\s\u200C\u200D]+"#)
            return [.pattern(.expression(words), .removed, isInverted: true)]
        case .whitespaceSplit: return [.characters(.whitespace, .removed)]
        case .punctuation:
            let behavior = field["behavior"]
            return [
                .characters(
                    .punctuation, try behavior.isAbsent ? .isolated : behavior.variant(SplitBehavior.self))
            ]
        case .digits:
            return [.characters(.number, try field["individual_digits"].bool() ? .isolated : .contiguous)]
        case .metaspace: return [.metaspace(try Metaspace(field))]
        case .bert: return [.characters(.whitespace, .removed), .characters(.punctuation, .isolated)]
        case .delimiter: return [.characters(.scalar(try field["delimiter"].character()), .removed)]
        case .scripts: return [.scripts]
        case .fixedLength:
            let length = try field["length"].count(5)
            guard length > 0 else { throw field["length"].error("a number from 1 on expected") }
            return [.length(length)]
        }
    }
}

/// What happens to the matches of a splitter.
enum SplitBehavior: String, CaseIterable, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    /// Each match is the end of the word before it, or the start of the one after it.
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    /// Neighbouring matches are one word.
    case contiguous = "Contiguous"
}

/// The characters that a splitter looks for one by one.
enum CharacterTest: Sendable {
    case whitespace, number, punctuation
    case scalar(UInt32)

    func holds(for scalar: ClassifiedScalar) -> Bool {
        switch self {
        case .whitespace: return scalar.isWhitespace
        case .number: return scalar.isNumber
        case .scalar(let value): return scalar.value == value
        case .punctuation:
            let value = scalar.value
            if value < 0x80 {
                return (0x21...0x7E).contains(value) && !(0x30...0x39).contains(value)
                    && !(0x61...0x7A).contains(value | 0x20)
            }
            // Letters are none in any version.
            guard scalar.classes & ClassifiedScalar.alphabeticClass == 0, let known = Unicode.Scalar(value) else {
                return false
            }
            return ClassifiedScalar(known, upTo: .categories).classes & Self.punctuationClasses != 0
        }
    }

    private static let punctuationClasses = CategoryClasses.mask("P") ?? 0
}

/// Words as in GPT-2, spelled in the byte-level alphabet.
struct ByteLevelSplitter: Sendable {
    /// Whether a space is added before texts that do not start with one.
    let addsSpace: Bool
    /// Nil if the text is not split.
    let pattern: Pattern?
    /// Whether bytes are spelled here, and not by the model.
    var spells = true

    init(_ field: FileField) throws(TokenizerError) {
        addsSpace = try field["add_prefix_space"].bool()
        pattern = try field["use_regex"].bool(true) ? field.pattern(PreTokenizers.gpt2 + #"|\s+"#) : nil
    }
}

/// Spaces as a visible character, usually `▁`.
struct Metaspace: Sendable {
    let replacement: UInt32
    let prepends: Prepends
    /// Whether every such character starts a word.
    let splits: Bool

    /// Where the character is added if a text does not start with it.
    enum Prepends: String, CaseIterable, Sendable {
        case always
        /// Only at the start of the whole text, not after an added token.
        case first
        case never
    }

    init(_ field: FileField) throws(TokenizerError) {
        replacement = try field["replacement"].character()
        splits = try field["split"].bool(true)
        let scheme = field["prepend_scheme"]
        let prepends = try scheme.isAbsent ? .always : scheme.variant(Prepends.self)
        // Older files have this field instead.
        let adds = try field["add_prefix_space"].bool(true)
        guard adds || prepends == .never || scheme.isAbsent else {
            throw scheme.error("\"never\" expected, since \"add_prefix_space\" is false")
        }
        self.prepends = adds ? prepends : .never
    }
}
