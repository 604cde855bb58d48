/// A text on its way to words.
struct SplitText {
    private(set) var scalars: [ClassifiedScalar]
    private(set) var words: [Word]
    private var scratch: Pattern.Scratch
    /// Steps stop when the text is longer.
    private let limit: Int

    struct Word {
        var start: Int
        var end: Int
        /// Whether it is at the start of the whole text.
        var isFirst: Bool
    }

    init(_ text: some Collection<TextScalar>, isFirst: Bool, _ steps: [WordSplitter]) {
        scalars = text.map { ClassifiedScalar($0.scalar, upTo: .patterns) }
        words = scalars.isEmpty ? [] : [Word(start: 0, end: scalars.count, isFirst: isFirst)]
        scratch = Pattern.Scratch(length: scalars.count)
        limit = NormalizedText.limit(scalars.count)
        for step in steps {
            apply(step)
            guard scalars.count <= limit else { return }
        }
    }

    private mutating func apply(_ step: WordSplitter) {
        switch step {
        case .byteLevel(let byteLevel):
            if byteLevel.addsSpace { prepend(Self.space) { _ in true } }
            if let pattern = byteLevel.pattern { split(by: .expression(pattern), .isolated, isInverted: false) }
            if byteLevel.spells { spellBytes() }
        case .pattern(let pattern, let behavior, let isInverted):
            split(by: pattern, behavior, isInverted: isInverted)
        case .characters(let test, let behavior): split(by: test, behavior)
        case .metaspace(let metaspace): apply(metaspace)
        case .scripts: split { text, cut in Self.forEachScriptStart(in: text, cut) }
        case .length(let length):
            split { text, cut in
                for start in stride(from: 0, to: text.count, by: length) { cut(start, min(start + length, text.count)) }
            }
        }
    }

    private static let space = ClassifiedScalar(" ")

    // MARK: Splitting

    private typealias Text = UnsafeBufferPointer<ClassifiedScalar>

    /// Replaces each word by parts of it that `parts` reports with their bounds in the word.
    private mutating func split(_ parts: (Text, (Int, Int) -> Void) -> Void) {
        var finer: [Word] = []
        finer.reserveCapacity(words.count)
        scalars.withUnsafeBufferPointer { scalars in
            for word in words {
                parts(Text(rebasing: scalars[word.start..<word.end])) { start, end in
                    guard start < end else { return }
                    finer.append(
                        Word(start: word.start + start, end: word.start + end, isFirst: word.isFirst && start == 0))
                }
            }
        }
        words = finer
    }

    private mutating func split(by test: CharacterTest, _ behavior: SplitBehavior) {
        split { text, cut in
            var joiner = MatchJoiner(behavior)
            var start = 0
            for index in text.indices where test.holds(for: text[index]) {
                if start < index { joiner.add(start, index, isMatch: false, cut) }
                joiner.add(index, index + 1, isMatch: true, cut)
                start = index + 1
            }
            if start < text.count { joiner.add(start, text.count, isMatch: false, cut) }
            joiner.finish(cut)
        }
    }

    private mutating func split(by pattern: TextPattern, _ behavior: SplitBehavior, isInverted: Bool) {
        var scratch = scratch
        split { text, cut in
            var joiner = MatchJoiner(behavior)
            var start = 0
            pattern.forEachMatch(in: text, &scratch) { match in
                if start < match.lowerBound { joiner.add(start, match.lowerBound, isMatch: isInverted, cut) }
                joiner.add(match.lowerBound, match.upperBound, isMatch: !isInverted, cut)
                start = match.upperBound
            }
            if start < text.count { joiner.add(start, text.count, isMatch: isInverted, cut) }
            joiner.finish(cut)
        }
        self.scratch = scratch
    }

    /// Spaces belong to any script. Kana and ideographs are one.
    private static func forEachScriptStart(in text: Text, _ cut: (Int, Int) -> Void) {
        let any = -1
        var last: Int?
        var start = 0
        for index in text.indices {
            let script = Self.script(of: text[index]) ?? any
            if script != any, last != any, last != script, index > 0 {
                // What precedes the first script is in no word.
                if last != nil { cut(start, index) }
                start = index
            }
            if script != any { last = script }
        }
        if last != nil { cut(start, text.count) }
    }

    private static let han = UnicodeScripts.named("han")
    private static let kana = [UnicodeScripts.named("hiragana"), UnicodeScripts.named("katakana")]

    private static let common = UnicodeScripts.named("common")
    private static let devanagari = UnicodeScripts.named("devanagari")

    /// The script in the reference's version of Unicode, which is older than that of the table.
    private static func script(of scalar: ClassifiedScalar) -> Int? {
        switch scalar.value {
        case 0x20: return nil
        case 0x589, 0x61C: return common
        case 0x953, 0x954: return devanagari
        case 0x30FC: return han
        default:
            guard let known = Unicode.Scalar(scalar.value), UnicodeAge.normalForms.knows(known) else { return nil }
            let script = UnicodeScripts.script(of: scalar.value)
            return kana.contains(script) ? han : script
        }
    }

    // MARK: Changing

    private mutating func apply(_ metaspace: Metaspace) {
        guard let replacement = Unicode.Scalar(metaspace.replacement) else { return }
        let mark = ClassifiedScalar(replacement, upTo: .patterns)
        for index in scalars.indices where scalars[index].value == 0x20 { scalars[index] = mark }
        switch metaspace.prepends {
        case .always: prepend(mark) { _ in true }
        case .first: prepend(mark) { $0.isFirst }
        case .never: break
        }
        if metaspace.splits { split(by: .scalar(metaspace.replacement), .mergedWithNext) }
    }

    /// Adds a character before the words that fulfil a condition and do not start with it.
    private mutating func prepend(_ mark: ClassifiedScalar, where condition: (Word) -> Bool) {
        func isNeeded(_ word: Word, _ scalars: [ClassifiedScalar]) -> Bool {
            condition(word) && scalars[word.start].value != mark.value
        }
        guard words.contains(where: { isNeeded($0, scalars) }) else { return }
        rebuild { word, scalars, changed in
            if isNeeded(word, scalars) { changed.append(mark) }
            changed += scalars[word.start..<word.end]
        }
    }

    private mutating func spellBytes() {
        rebuild { word, scalars, changed in
            for scalar in scalars[word.start..<word.end] {
                changed += (ByteLevelAlphabet.scalars(of: scalar.value) ?? [scalar.value]).map {
                    ClassifiedScalar(Unicode.Scalar($0) ?? " ", upTo: .patterns)
                }
            }
        }
    }

    /// Replaces the characters of every word.
    private mutating func rebuild(_ write: (Word, [ClassifiedScalar], inout [ClassifiedScalar]) -> Void) {
        var changed: [ClassifiedScalar] = []
        changed.reserveCapacity(scalars.count + words.count)
        for index in words.indices {
            let start = changed.count
            write(words[index], scalars, &changed)
            words[index].start = start
            words[index].end = changed.count
        }
        scalars = changed
    }
}
