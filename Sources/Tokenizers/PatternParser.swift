/// A regular expression that is invalid or uses unsupported syntax.
struct PatternError: Error, Equatable, CustomStringConvertible {
    let pattern: String
    /// The index of the scalar at which parsing stopped.
    let position: Int
    let problem: String

    var description: String { "pattern \(pattern), character \(position): \(problem)" }
}

/// Compiles the regular-expression syntax that pre-tokenizers use into the steps of a `Pattern`: alternatives, groups,
/// `(?i:…)`, lookahead, sets, `\p{…}`, `\s`, `$`, and the greedy `?`, `*`, `+`, `{m,n}`.
struct PatternParser {
    private let source: String
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var ignoresCase = false
    private(set) var sets: [ScalarSet] = []

    /// The steps of a subpattern, and the fewest scalars that it matches.
    private typealias Code = (steps: [Pattern.Step], least: Int)

    init(_ source: String) {
        self.source = source
        scalars = Array(source.unicodeScalars)
    }

    /// The steps of the whole pattern, ending with `.match`.
    mutating func parse() throws(PatternError) -> [Pattern.Step] {
        let code = try alternatives()
        guard position == scalars.count else { throw error("unmatched \")\"") }
        return code.steps + [.match]
    }

    private mutating func alternatives() throws(PatternError) -> Code {
        let first = try sequence()
        guard take("|") else { return first }
        let rest = try alternatives()
        let steps = [.split(first.steps.count + 2)] + first.steps + [.jump(rest.steps.count + 1)] + rest.steps
        return (steps, min(first.least, rest.least))
    }

    private mutating func sequence() throws(PatternError) -> Code {
        var code: Code = ([], 0)
        while let next = peek, next != "|", next != ")" {
            let item = try quantified(try atom())
            code.steps += item.steps
            code.least += item.least
        }
        return code
    }

    // MARK: Atoms

    private mutating func atom() throws(PatternError) -> Code {
        let scalar = try next()
        switch scalar {
        case "(": return try group()
        case "[": return one(try set())
        case "$": return ([.end], 0)
        case "\\": return one(try escape().set)
        default: return one(literal(scalar))
        }
    }

    private mutating func group() throws(PatternError) -> Code {
        guard take("?") else { return try body() }
        switch try next() {
        case ":": return try body()
        case "=": return look(try body(), isNegative: false)
        case "!": return look(try body(), isNegative: true)
        case "i":
            guard take(":") else { throw error("\":\" expected") }
            let outside = ignoresCase
            ignoresCase = true
            defer { ignoresCase = outside }
            return try body()
        default: throw error("unknown kind of group")
        }
    }

    private mutating func body() throws(PatternError) -> Code {
        let code = try alternatives()
        guard take(")") else { throw error("\")\" expected") }
        return code
    }

    private func look(_ code: Code, isNegative: Bool) -> Code {
        let steps = code.steps + [.match]
        return ([.look(isNegative: isNegative, length: steps.count)] + steps, 0)
    }

    private mutating func one(_ set: ScalarSet) -> Code {
        sets.append(set)
        return ([.set(sets.count - 1)], 1)
    }

    private func literal(_ scalar: Unicode.Scalar) -> ScalarSet {
        ScalarSet(ranges: spellings(scalar.value...scalar.value), classes: 0, isNegated: false)
    }

    /// A range, and if case is ignored, its other case as well. Supports ASCII letters only; patterns need no others.
    private func spellings(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
        let isLetter = [range.lowerBound, range.upperBound].allSatisfy { (0x41...0x5A).contains($0 & ~0x20) }
        guard ignoresCase, isLetter else { return [range] }
        return [range, (range.lowerBound ^ 0x20)...(range.upperBound ^ 0x20)]
    }

    // MARK: Sets

    private typealias Escape = (ranges: [ClosedRange<UInt32>], classes: UInt32, isNegated: Bool, set: ScalarSet)

    /// The part of an escape after the backslash.
    private mutating func escape() throws(PatternError) -> Escape {
        func found(_ ranges: [ClosedRange<UInt32>], _ classes: UInt32 = 0, not isNegated: Bool = false) -> Escape {
            (ranges, classes, isNegated, ScalarSet(ranges: ranges, classes: classes, isNegated: isNegated))
        }
        let scalar = try next()
        switch scalar {
        case "s": return found([], ClassifiedScalar.whitespaceClass)
        case "S": return found([], ClassifiedScalar.whitespaceClass, not: true)
        case "r": return found([0x0D...0x0D])
        case "n": return found([0x0A...0x0A])
        case "t": return found([0x09...0x09])
        case "p":
            guard take("{") else { throw error("\"{\" expected") }
            var name = ""
            while let scalar = peek, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}"), let mask = CategoryClasses.mask(name) else { throw error("unknown category \(name)") }
            return found([], mask)
        default:
            guard !scalar.properties.isAlphabetic else { throw error("unknown escape \\\(scalar)") }
            return found([scalar.value...scalar.value])
        }
    }

    /// The rest of a set after its opening bracket.
    private mutating func set() throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var classes: UInt32 = 0
        repeat {
            let scalar = try next()
            var range = scalar.value...scalar.value
            if scalar == "\\" {
                let escape = try escape()
                guard !escape.isNegated else { throw error("complements inside sets are not supported") }
                classes |= escape.classes
                guard let single = escape.ranges.first else { continue }
                range = single
            }
            if peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 1
                let last = try next()
                guard last != "\\", last.value >= range.lowerBound else { throw error("invalid range") }
                range = range.lowerBound...last.value
            }
            ranges += spellings(range)
        } while !take("]")
        return ScalarSet(ranges: ranges, classes: classes, isNegated: isNegated)
    }

    // MARK: Repetition

    private mutating func quantified(_ item: Code) throws(PatternError) -> Code {
        let (least, most) = try quantity()
        if least == 1, most == 1 { return item }
        if case .set(let set)? = item.steps.first, item.steps.count == 1 {
            return ([.loop(set, least: least, most: most ?? .max)], least)
        }
        var steps = Array(repeatElement(item.steps, count: least).joined())
        if let most {
            for _ in least..<most { steps += [.split(item.steps.count + 1)] + item.steps }
        } else {
            guard item.least > 0 else { throw error("unlimited repetition of a subpattern that can be empty") }
            steps += [.split(item.steps.count + 2)] + item.steps + [.jump(-item.steps.count - 1)]
        }
        return (steps, least * item.least)
    }

    /// The allowed repetitions of the preceding item; `most` is nil without an upper limit.
    private mutating func quantity() throws(PatternError) -> (least: Int, most: Int?) {
        if take("?") { return (0, 1) }
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        guard take("{") else { return (1, 1) }
        let least = try number()
        let most = take(",") ? try number() : least
        guard take("}"), least <= most else { throw error("invalid repetition count") }
        return (least, most)
    }

    private mutating func number() throws(PatternError) -> Int {
        var digits = ""
        while let scalar = peek, ("0"..."9").contains(scalar), digits.count < 4 {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        guard let number = Int(digits) else { throw error("number expected") }
        return number
    }

    // MARK: Scalars

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func next() throws(PatternError) -> Unicode.Scalar {
        guard let scalar = peek else { throw error("unexpected end of the pattern") }
        position += 1
        return scalar
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func error(_ problem: String) -> PatternError {
        PatternError(pattern: source, position: position, problem: problem)
    }
}
