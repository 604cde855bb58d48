/// Repetition in patterns: `?`, `*`, `+` and `{m,n}`, greedy, lazy or possessive.
extension PatternParser {
    private enum Kind { case greedy, lazy, possessive }

    mutating func quantified(_ atom: Code) throws(PatternError) -> Code {
        var item = atom
        while let quantity = try quantity() {
            item = try repeated(item, least: quantity.least, most: quantity.most, quantity.kind)
            guard item.steps.count <= Self.mostSteps else { throw error("the pattern is too large") }
        }
        return item
    }

    /// The allowed repetitions of the item before it; nil if it is not repeated. `most` is nil without an upper limit.
    private mutating func quantity() throws(PatternError) -> (least: Int, most: Int?, kind: Kind)? {
        if take("?") { return (0, 1, kind()) }
        if take("*") { return (0, nil, kind()) }
        if take("+") { return (1, nil, kind()) }
        let start = position
        guard take("{") else { return nil }
        let least = number()
        let hasComma = take(",")
        let most = hasComma ? number() : least
        guard take("}"), least != nil || most != nil else {
            // Any other brace is a character.
            position = start
            return nil
        }
        guard (least ?? 0) <= most ?? .max else { throw error("invalid repetition count") }
        // `{2}?` makes the two optional.
        let isLazy = hasComma && take("?")
        return (least ?? 0, most, isLazy ? .lazy : .greedy)
    }

    private mutating func kind() -> Kind {
        if take("?") { return .lazy }
        return syntax == .oniguruma && take("+") ? .possessive : .greedy
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = peek, ("0"..."9").contains(scalar), digits.count < 5 {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        return Int(digits)
    }

    private func repeated(_ item: Code, least: Int, most: Int?, _ kind: Kind) throws(PatternError) -> Code {
        if least == 1, most == 1 { return item }
        // Conditions on a position need not be repeated.
        if item.most == 0 { return least == 0 ? Code() : item }
        let length = Code(
            least: least * item.least, most: most.flatMap { most in item.most.map { $0.limitedProduct(most) } })
        guard least * item.steps.count <= Self.mostSteps, (most ?? 0) <= 100_000 else {
            throw error("the repetition is too large")
        }
        if case .set(let set)? = item.steps.first, item.steps.count == 1, kind != .lazy {
            let isPossessive = kind == .possessive
            let loop = Pattern.Step.loop(set, least: least, most: most ?? .max, isPossessive: isPossessive)
            return Code(steps: [loop], least: length.least, most: length.most)
        }
        // `\s{0,3}+` is `\s*`.
        if case .loop(let set, least: 0, _, isPossessive: false)? = item.steps.first, item.steps.count == 1,
            most == nil,
            kind == .greedy
        {
            return Code(steps: [.loop(set, least: 0, most: .max, isPossessive: false)], least: 0, most: nil)
        }
        let split = { (distance: Int) in kind == .lazy ? Pattern.Step.lazySplit(distance) : .split(distance) }
        var code = length
        code.steps = Array(repeatElement(item.steps, count: least).joined())
        if let most {
            let size = item.steps.count + 1
            guard (most - least) * size <= Self.mostSteps else { throw error("the repetition is too large") }
            for rest in stride(from: most - least, to: 0, by: -1) { code.steps += [split(rest * size)] + item.steps }
        } else {
            guard item.least > 0 else { throw error("unlimited repetition of a subpattern that can be empty") }
            code.steps += [split(item.steps.count + 2)] + item.steps + [.jump(-item.steps.count - 1)]
        }
        return kind == .possessive ? atomic(code) : code
    }
}

extension Int {
    /// The product of two lengths, or a large number: the sum of any that a pattern has is no overflow.
    fileprivate func limitedProduct(_ other: Int) -> Int {
        let (product, isTooLarge) = multipliedReportingOverflow(by: other)
        return isTooLarge ? 1 << 40 : Swift.min(product, 1 << 40)
    }
}
