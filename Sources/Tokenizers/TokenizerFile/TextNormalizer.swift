import JSON

/// A step that changes a text before it is split into words (`normalizer`).
enum TextNormalizer: Sendable {
    case form(NormalForm)
    case lowercase
    /// Removes white space at the ends.
    case strip(left: Bool, right: Bool)
    /// Removes combining marks.
    case stripAccents
    /// Adds a text before any that is not empty.
    case prepend([UInt32])
    case replace(TextPattern, [UInt32])
    case bert(BertCleanup)
    /// The cleanup of Google's translation models.
    case translationCleanup
    case characterMap(CharacterMap)
    /// Spells bytes in the byte-level alphabet.
    case byteLevel

    private enum Name: String, CaseIterable {
        case sequence = "Sequence", nfc = "NFC", nfd = "NFD", nfkc = "NFKC", nfkd = "NFKD", lowercase = "Lowercase"
        case strip = "Strip", stripAccents = "StripAccents", prepend = "Prepend", replace = "Replace"
        case bert = "BertNormalizer", nmt = "Nmt", precompiled = "Precompiled", byteLevel = "ByteLevel"
    }

    /// The steps of the field, in order: sequences in sequences are one list.
    static func steps(_ field: FileField) throws(TokenizerError) -> [TextNormalizer] {
        guard !field.isAbsent else { return [] }
        switch try field["type"].variant(Name.self) {
        case .sequence:
            var steps: [TextNormalizer] = []
            for item in try field["normalizers"].items() {
                steps += try Self.steps(item)
                guard steps.count <= mostSteps else { throw field.error("more than \(mostSteps) steps") }
            }
            return steps
        case .nfc: return [.form(.nfc)]
        case .nfd: return [.form(.nfd)]
        case .nfkc: return [.form(.nfkc)]
        case .nfkd: return [.form(.nfkd)]
        case .lowercase: return [.lowercase]
        case .strip: return [.strip(left: try field["strip_left"].bool(), right: try field["strip_right"].bool())]
        case .stripAccents: return [.stripAccents]
        case .prepend: return [.prepend([UInt32](scalarsOf: try field["prepend"].string()))]
        case .replace:
            let content = [UInt32](scalarsOf: try field["content"].string())
            return [.replace(try TextPattern(field["pattern"]), content)]
        case .bert: return [.bert(try BertCleanup(field))]
        case .nmt: return [.translationCleanup]
        case .precompiled: return [.characterMap(try CharacterMap(field["precompiled_charsmap"]))]
        case .byteLevel: return [.byteLevel]
        }
    }

    /// Every step costs time for every text.
    static let mostSteps = 256
}

/// A text under normalization.
struct NormalizedText {
    private(set) var scalars: [TextScalar]
    /// Whether the first character is also the first of the original text.
    private(set) var keepsStart = true
    /// Steps stop when the text is longer.
    private let limit: Int

    /// The text after all steps. One that steps make far longer stays as it was, since no published file does that.
    init(_ original: ArraySlice<TextScalar>, _ steps: [TextNormalizer]) {
        scalars = Array(original)
        limit = Self.limit(original.count)
        for step in steps where !scalars.isEmpty {
            apply(step)
            guard scalars.count <= limit else {
                scalars = Array(original)
                return
            }
        }
    }

    /// The longest text that a text may become on its way to tokens.
    static func limit(_ count: Int) -> Int { 16 * count + 65_536 }

    private mutating func apply(_ step: TextNormalizer) {
        switch step {
        case .form(let form): scalars = form.applied(to: scalars, limit: limit)
        case .lowercase: map(Self.lowercased)
        case .strip(let left, let right): strip(left: left, right: right)
        case .stripAccents: filter { !$0.isIn(Self.marks, .normalForms) }
        case .prepend(let text): scalars.insert(contentsOf: text.map(scalars[0].with), at: 0)
        case .replace(let pattern, let content): replace(pattern, content)
        case .bert(let cleanup):
            if cleanup.cleansText { filter(cleanup.keeps); map(cleanup.plainSpace) }
            if cleanup.separatesIdeographs { map(cleanup.separated) }
            if cleanup.stripsAccents {
                scalars = NormalForm.nfd.applied(to: scalars, limit: limit)
                filter { !$0.isIn(Self.nonspacingMarks, .categories) }
            }
            if cleanup.lowercases { map(Self.lowercased) }
        case .translationCleanup:
            filter(TranslationCleanup.keeps)
            map(TranslationCleanup.plainSpace)
        case .characterMap(let map): scalars = map.applied(to: scalars, limit: limit)
        case .byteLevel: map(Self.byteLevel)
        }
    }

    private mutating func filter(_ keeps: (TextScalar) -> Bool) {
        if let first = scalars.first, !keeps(first) { keepsStart = false }
        scalars.removeAll { !keeps($0) }
    }

    /// - Parameter change: nil for characters that stay as they are.
    private mutating func map(_ change: (TextScalar) -> [UInt32]?) {
        guard let first = scalars.firstIndex(where: { change($0) != nil }) else { return }
        var changed = Array(scalars[..<first])
        changed.reserveCapacity(scalars.count)
        for scalar in scalars[first...] where changed.count <= limit {
            if let values = change(scalar) {
                for value in values { changed.append(scalar.with(value)) }
            } else {
                changed.append(scalar)
            }
        }
        scalars = changed
    }

    private mutating func strip(left: Bool, right: Bool) {
        let start = left ? scalars.firstIndex { !$0.isWhitespace } ?? scalars.count : 0
        let end = right ? scalars.lastIndex { !$0.isWhitespace }.map { $0 + 1 } ?? 0 : scalars.count
        if start > 0 { keepsStart = false }
        scalars = start < end ? Array(scalars[start..<end]) : []
    }

    private mutating func replace(_ pattern: TextPattern, _ content: [UInt32]) {
        var replaced: [TextScalar] = []
        var position = 0
        pattern.forEachMatch(in: scalars) { match in
            guard replaced.count <= limit else { return }
            replaced += scalars[position..<match.lowerBound]
            replaced.append(content, replacing: scalars[match])
            position = match.upperBound
            if match.lowerBound == 0, content.isEmpty ? !match.isEmpty : match.count > 1 { keepsStart = false }
        }
        guard position > 0 || !replaced.isEmpty else { return }
        scalars = replaced + scalars[position...]
    }

    private static let marks = CategoryClasses.mask("M") ?? 0
    private static let nonspacingMarks = CategoryClasses.mask("Mn") ?? 0

    private static func lowercased(_ scalar: TextScalar) -> [UInt32]? {
        if scalar.isASCII { return (0x41...0x5A).contains(scalar.value) ? [scalar.value | 0x20] : nil }
        let properties = scalar.scalar.properties
        guard properties.changesWhenLowercased, UnicodeAge.patterns.knows(scalar.scalar) else { return nil }
        return [UInt32](scalarsOf: properties.lowercaseMapping)
    }

    private static func byteLevel(_ scalar: TextScalar) -> [UInt32]? { ByteLevelAlphabet.scalars(of: scalar.value) }
}

extension TextScalar {
    /// Whether the character is in one of these categories of marks.
    fileprivate func isIn(_ marks: UInt32, _ age: UnicodeAge) -> Bool {
        // The first mark is U+0300.
        value >= 0x300 && ClassifiedScalar(scalar, upTo: age).classes & marks != 0
    }
}
