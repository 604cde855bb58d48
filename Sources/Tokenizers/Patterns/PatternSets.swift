/// Characters, escapes and sets of patterns.
extension PatternParser {
    func literal(_ scalar: Unicode.Scalar) -> ScalarSet { ScalarSet(ranges: spellings([scalar.value...scalar.value])) }

    /// Ranges, and if case is ignored, their characters' other cases as well.
    private func spellings(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        guard options.ignoresCase else { return ranges }
        switch syntax {
        case .oniguruma: return ranges + CaseVariants.of(ranges).map { $0...$0 }
        case .table:
            // Only letters of ASCII: the table needs no others.
            return ranges
                + ranges.compactMap { range in
                    let isLetter = [range.lowerBound, range.upperBound].allSatisfy {
                        (0x41...0x5A).contains($0 & ~0x20)
                    }
                    return isLetter ? (range.lowerBound ^ 0x20)...(range.upperBound ^ 0x20) : nil
                }
        }
    }

    /// The set of an escape, after the backslash.
    mutating func escape(inSet: Bool = false) throws(PatternError) -> ScalarSet {
        if let scalar = try escapedScalar() { return literal(scalar) }
        let scalar = try next()
        switch scalar {
        case "s", "S": return ScalarSet(classes: ClassifiedScalar.whitespaceClass, isNegated: scalar == "S")
        case "d", "D": return ScalarSet(classes: CategoryClasses.mask("Nd") ?? 0, isNegated: scalar == "D")
        case "w", "W":
            return ScalarSet(
                ranges: inSet ? [] : WordCharacters.oddities, classes: WordCharacters.classes, isNegated: scalar == "W")
        case "h", "H": return ScalarSet(ranges: PatternProperties.hexDigits, isNegated: scalar == "H")
        case "N": return ScalarSet(ranges: [0x0A...0x0A], isNegated: true)
        case "O": return ScalarSet(isNegated: true)
        case "p", "P": return try property(isNegated: scalar == "P")
        default: throw error("unknown escape \\\(scalar)")
        }
    }

    /// The character of an escape that stands for one; nil, and nothing consumed, for any other.
    private mutating func escapedScalar() throws(PatternError) -> Unicode.Scalar? {
        let controls: [Unicode.Scalar: Unicode.Scalar] = [
            "r": "\r", "n": "\n", "t": "\t", "f": "\u{0C}", "v": "\u{0B}", "e": "\u{1B}", "a": "\u{07}", "0": "\0",
        ]
        guard let scalar = peek else { throw error("unexpected end of the pattern") }
        if let control = controls[scalar] {
            _ = try next()
            return control
        }
        if scalar == "x" || scalar == "u" {
            _ = try next()
            return try hexadecimal(digits: scalar == "x" ? 2 : 4)
        }
        guard !scalar.properties.isAlphabetic, !("1"..."9").contains(scalar) else { return nil }
        return try next()
    }

    /// A character's number: `{1F600}`, or a fixed number of digits.
    private mutating func hexadecimal(digits: Int) throws(PatternError) -> Unicode.Scalar {
        var text = ""
        if take("{") {
            while let scalar = peek, scalar != "}", text.count < 8 { text.unicodeScalars.append(try next()) }
            guard take("}") else { throw error("\"}\" expected") }
        } else {
            for _ in 0..<digits { text.unicodeScalars.append(try next()) }
        }
        guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw error("a character's number in hexadecimal expected")
        }
        return scalar
    }

    /// `{L}` or `{^L}`, after `\p`.
    private mutating func property(isNegated: Bool) throws(PatternError) -> ScalarSet {
        guard take("{") else { throw error("\"{\" expected") }
        let isComplement = take("^") != isNegated
        var name = ""
        while let scalar = peek, scalar != "}", name.utf8.count < 64 { name.unicodeScalars.append(try next()) }
        guard take("}"), let property = PatternProperties.find(name, ignoringCase: options.ignoresCase) else {
            throw error("unknown property \(name.debugDescription)")
        }
        return ScalarSet(ranges: property.ranges, classes: property.classes, isNegated: isComplement)
    }

    /// The rest of a set after its opening bracket. `&&` has the members of both sides.
    mutating func set() throws(PatternError) -> ScalarSet {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("more than \(Self.deepest) sets in each other") }
        let isNegated = take("^")
        var sides = [try union(isFirst: true)]
        while take("&") {
            _ = try next()
            sides.append(try union(isFirst: false))
        }
        guard take("]") else { throw error("\"]\" expected") }
        guard let first = sides.first, sides.count > 1 || isNegated else { return sides[0] }
        return ScalarSet(isNegated: isNegated, parts: [first], required: Array(sides.dropFirst()))
    }

    /// Members up to the end of the set or `&&`. A bracket that comes first is a member.
    private mutating func union(isFirst: Bool) throws(PatternError) -> ScalarSet {
        var ranges: [ClosedRange<UInt32>] = []
        var parts: [ScalarSet] = []
        var isStart = isFirst
        while let scalar = peek, isStart || scalar != "]", scalar != "&" || second != "&" {
            isStart = false
            if syntax == .oniguruma, scalar == "[" {
                _ = try next()
                parts.append(try take(":") ? bracketClass() : set())
            } else if let member = try member() {
                ranges += spellings([try range(from: member)])
            } else {
                parts.append(try escape(inSet: true))
            }
        }
        return ScalarSet(ranges: ranges, parts: parts)
    }

    /// The next character of a set, or nil, with only its backslash consumed, for an escape of more than one.
    private mutating func member() throws(PatternError) -> Unicode.Scalar? {
        guard take("\\") else { return try next() }
        if take("b") { return "\u{08}" }
        return try escapedScalar()
    }

    /// The range that starts with a character, which is all of it unless a hyphen follows.
    private mutating func range(from first: Unicode.Scalar) throws(PatternError) -> ClosedRange<UInt32> {
        guard peek == "-", let second, second != "]" else { return first.value...first.value }
        _ = try next()
        guard let last = try member(), last.value >= first.value else { throw error("invalid range") }
        return first.value...last.value
    }

    /// `[:alpha:]` or `[:^alpha:]`, after the colon.
    private mutating func bracketClass() throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var name = ""
        while let scalar = peek, scalar != ":", name.utf8.count < 16 { name.unicodeScalars.append(try next()) }
        guard take(":"), take("]"), let property = PatternProperties.find("posix " + name, ignoringCase: false) else {
            throw error("unknown class \(name.debugDescription)")
        }
        return ScalarSet(ranges: property.ranges, classes: property.classes, isNegated: isNegated)
    }
}
