/// Compiles a regular expression into the steps of a `Pattern`: alternatives, groups, options such as `(?i:…)`, looking
/// ahead and behind, atomic groups, anchors, sets, properties, and greedy, lazy and possessive repetition.
///
/// Not supported: references to groups, and unlimited repetition of what can be empty.
struct PatternParser {
    private let source: String
    let scalars: [Unicode.Scalar]
    let syntax: PatternSyntax
    var position = 0
    var depth = 0
    var options = Options()
    private(set) var sets: [ScalarSet] = []

    struct Options {
        var ignoresCase = false
        /// `.` also matches line breaks.
        var dotMatchesBreaks = false
        /// White space and comments in the pattern are skipped.
        var isExtended = false
    }

    /// The steps of a subpattern, and the fewest and most scalars that it matches (nil: no limit).
    struct Code {
        var steps: [Pattern.Step] = []
        var least = 0
        var most: Int? = 0
    }

    /// The most scalars of a pattern, groups in each other, and steps. Published patterns have less than a tenth.
    private static let longest = 8_192
    static let deepest = 32
    static let mostSteps = 16_384

    init(_ source: String, _ syntax: PatternSyntax) {
        self.source = source
        self.syntax = syntax
        scalars = Array(source.unicodeScalars)
    }

    /// The steps of the whole pattern, ending with `.match`.
    mutating func parse() throws(PatternError) -> [Pattern.Step] {
        guard scalars.count <= Self.longest else { throw error("longer than \(Self.longest) characters") }
        let code = try alternatives()
        guard position == scalars.count else { throw error("unmatched \")\"") }
        return code.steps + [.match]
    }

    private mutating func alternatives() throws(PatternError) -> Code {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("more than \(Self.deepest) groups in each other") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        guard branches.count > 1 else { return branches[0] }
        var code = Code(least: .max)
        // Each branch but the last is preceded by a split and followed by a jump to the end.
        let total = branches.reduce(2 * branches.count - 2) { $0 + $1.steps.count }
        for (index, branch) in branches.enumerated() {
            if index == branches.count - 1 {
                code.steps += branch.steps
            } else {
                code.steps.append(.split(branch.steps.count + 2))
                code.steps += branch.steps
                code.steps.append(.jump(total - code.steps.count))
            }
            code.least = min(code.least, branch.least)
            code.most = code.most.flatMap { most in branch.most.map { max(most, $0) } }
        }
        return code
    }

    private mutating func sequence() throws(PatternError) -> Code {
        var code = Code()
        while true {
            skipIgnored()
            guard let next = peek, next != "|", next != ")" else { return code }
            let item = try quantified(try atom())
            code.steps += item.steps
            code.least += item.least
            code.most = code.most.flatMap { most in item.most.map { most + $0 } }
            guard code.steps.count <= Self.mostSteps else { throw error("the pattern is too large") }
        }
    }

    /// White space and comments of extended patterns.
    private mutating func skipIgnored() {
        while options.isExtended, let next = peek, next.properties.isWhitespace || next == "#" {
            position += 1
            while next == "#", let other = peek, other != "\n" { position += 1 }
        }
    }

    // MARK: Atoms

    private mutating func atom() throws(PatternError) -> Code {
        let scalar = try next()
        switch scalar {
        case "(": return try group()
        case "[": return one(try set())
        case "$": return anchor(syntax == .oniguruma ? .lineEnd : .textEnd)
        case "^": return anchor(syntax == .oniguruma ? .lineStart : .textStart)
        case ".": return one(ScalarSet(ranges: options.dotMatchesBreaks ? [] : [0x0A...0x0A], isNegated: true))
        case "?", "*", "+": throw error("nothing to repeat")
        case "\\":
            if let anchor = try anchorEscape() { return self.anchor(anchor) }
            if take("R") { return lineBreak() }
            return one(try escape())
        default: return one(literal(scalar))
        }
    }

    private mutating func anchorEscape() throws(PatternError) -> Pattern.Anchor? {
        let anchors: [Unicode.Scalar: Pattern.Anchor] = [
            "A": .textStart, "z": .textEnd, "Z": .textEndOrLastBreak, "b": .wordBoundary, "B": .noWordBoundary,
        ]
        guard let anchor = peek.flatMap({ anchors[$0] }) else { return nil }
        position += 1
        return anchor
    }

    private func anchor(_ anchor: Pattern.Anchor) -> Code { Code(steps: [.anchor(anchor)]) }

    /// `\R`: a carriage return with a line feed, or one of the line breaks.
    private mutating func lineBreak() -> Code {
        let first = one(ScalarSet(ranges: [0x0D...0x0D])), second = one(ScalarSet(ranges: [0x0A...0x0A]))
        let single = one(ScalarSet(ranges: [0x0A...0x0D, 0x85...0x85, 0x2028...0x2029]))
        return Code(
            steps: [.atomic(length: 6), .split(4)] + first.steps + second.steps + [.jump(2)] + single.steps + [.match],
            least: 1, most: 2)
    }

    private mutating func group() throws(PatternError) -> Code {
        guard take("?") else { return try body() }
        switch try next() {
        case ":": return try body()
        case "=": return look(try body(), isNegative: false)
        case "!": return look(try body(), isNegative: true)
        case ">": return atomic(try body())
        case "#":
            while try next() != ")" {}
            return Code()
        case "<":
            if take("=") { return try lookBehind(try body(), isNegative: false) }
            if take("!") { return try lookBehind(try body(), isNegative: true) }
            while try next() != ">" {}
            return try body()
        default:
            position -= 1
            return try optionGroup()
        }
    }

    /// `(?i:…)`, or `(?i)`, which is for the rest of the group that it is in.
    private mutating func optionGroup() throws(PatternError) -> Code {
        let outside = options
        var isOn = true
        while true {
            switch try next() {
            case "i": options.ignoresCase = isOn
            case "m" where syntax == .oniguruma: options.dotMatchesBreaks = isOn
            case "x": options.isExtended = isOn
            case "-": isOn = false
            case ":":
                defer { options = outside }
                return try body()
            case ")":
                // The options end with the group, whose end is not consumed here.
                defer { options = outside }
                return try alternatives()
            default: throw error("unknown kind of group")
            }
        }
    }

    private mutating func body() throws(PatternError) -> Code {
        let outside = options
        defer { options = outside }
        let code = try alternatives()
        guard take(")") else { throw error("\")\" expected") }
        return code
    }

    private func look(_ code: Code, isNegative: Bool) -> Code {
        let steps = code.steps + [.match]
        return Code(steps: [.look(isNegative: isNegative, length: steps.count)] + steps)
    }

    private func lookBehind(_ code: Code, isNegative: Bool) throws(PatternError) -> Code {
        guard let most = code.most, most <= 255 else { throw error("looking behind needs a limited length") }
        let steps = code.steps + [.match]
        let look = Pattern.Step.lookBehind(
            isNegative: isNegative, least: code.least, most: most, length: steps.count)
        return Code(steps: [look] + steps)
    }

    func atomic(_ code: Code) -> Code {
        Code(steps: [.atomic(length: code.steps.count + 1)] + code.steps + [.match], least: code.least, most: code.most)
    }

    private mutating func one(_ set: ScalarSet) -> Code {
        sets.append(set)
        return Code(steps: [.set(sets.count - 1)], least: 1, most: 1)
    }

    // MARK: Scalars

    var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// The scalar after the next one.
    var second: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

    mutating func next() throws(PatternError) -> Unicode.Scalar {
        guard let scalar = peek else { throw error("unexpected end of the pattern") }
        position += 1
        return scalar
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    func error(_ problem: String) -> PatternError {
        PatternError(pattern: source, position: position, problem: problem)
    }
}
