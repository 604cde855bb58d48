/// How to format one value: what follows `:` in `"{:>8.2f}"`, and `%` in `"%-8.2f"`.
struct FormatSpecification {
    enum Alignment: Unicode.Scalar { case left = "<", right = ">", center = "^", afterSign = "=" }

    var fill: Unicode.Scalar = " "
    var alignment: Alignment?
    /// What precedes a non-negative number: `+`, a space, or nothing.
    var sign = ""
    var alternate = false
    var width = 0
    /// The separator between groups of three digits.
    var grouping = ""
    var precision: Int?
    /// The letter of the notation; nil for the default one.
    var type: Character?

    /// Larger widths and precisions are rejected.
    static let limit = 10_000

    init() {}

    /// Reads `[[fill]align][sign][#][0][width][,][.precision][type]`.
    init(_ text: ArraySlice<Unicode.Scalar>) throws(JinjaError) {
        var rest = text
        if let second = rest.dropFirst().first, let alignment = Alignment(rawValue: second), let first = rest.first {
            (fill, self.alignment) = (first, alignment)
            rest = rest.dropFirst(2)
        } else if let first = rest.first, let alignment = Alignment(rawValue: first) {
            self.alignment = alignment
            rest = rest.dropFirst()
        }
        if let first = rest.first, ["+", "-", " "].contains(first) {
            sign = first == "-" ? "" : String(first)
            rest = rest.dropFirst()
        }
        if rest.first == "#" {
            alternate = true
            rest = rest.dropFirst()
        }
        if rest.first == "0" {
            if alignment == nil { (fill, alignment) = ("0", .afterSign) }
            rest = rest.dropFirst()
        }
        width = try Self.number(&rest) ?? 0
        if let first = rest.first, first == "," || first == "_" {
            grouping = String(first)
            rest = rest.dropFirst()
        }
        if rest.first == "." {
            rest = rest.dropFirst()
            guard let precision = try Self.number(&rest) else { throw Self.invalid }
            self.precision = precision
        }
        type = rest.popFirst().map { Character($0) }
        guard rest.isEmpty else { throw Self.invalid }
    }

    static let invalid = JinjaError(.type, "invalid format specification")

    static func number(_ rest: inout ArraySlice<Unicode.Scalar>) throws(JinjaError) -> Int? {
        var value: Int?
        while let digit = rest.first?.digitValue(radix: 10) {
            value = (value ?? 0) * 10 + digit
            guard let value, value <= limit else {
                throw JinjaError(.limit, "a width or precision is larger than \(limit)")
            }
            rest = rest.dropFirst()
        }
        return value
    }

    // MARK: - Applying

    /// Truncates a string to the precision and pads it to the width; strings are left-aligned by default.
    func format(string text: JinjaString) -> JinjaString {
        let cut = precision.map { text.slice(0..<min($0, text.count)) } ?? text
        return padded(cut, default: .left)
    }

    /// Formats a number; numbers are right-aligned by default.
    /// - Throws: ``JinjaError`` if the notation does not fit the number.
    func format(number value: JinjaValue) throws(JinjaError) -> JinjaString {
        let digits: String
        if let integer = value.asInt, type.map({ "dnbcoxX".contains($0) }) ?? true {
            digits = try integerDigits(integer)
        } else if let number = value.asNumber {
            digits = try floatDigits(number)
        } else {
            throw JinjaError(.type, "expected a number, found \(value.typeName)")
        }
        let isNegative = digits.hasPrefix("-")
        let magnitude = isNegative ? String(digits.dropFirst()) : digits
        let sign = isNegative ? "-" : self.sign
        guard alignment == .afterSign else {
            return padded(JinjaString(sign + magnitude, trusted: true), default: .right)
        }
        let zeros = String(repeating: String(fill), count: max(0, width - sign.count - magnitude.count))
        return JinjaString(sign + zeros + magnitude, trusted: true)
    }

    /// Non-decimal notations.
    private static let notations: [Character: (prefix: String, radix: Int)] = [
        "x": ("0x", 16), "X": ("0X", 16), "o": ("0o", 8), "b": ("0b", 2),
    ]

    private func integerDigits(_ value: Int) throws(JinjaError) -> String {
        if type == "c" {
            guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else { throw Self.invalid }
            return String(scalar)
        }
        guard let type, let (prefix, radix) = Self.notations[type] else { return grouped(String(value)) }
        let magnitude = String(value.magnitude, radix: radix, uppercase: type == "X")
        return (value < 0 ? "-" : "") + (alternate ? prefix : "") + magnitude
    }

    private func floatDigits(_ value: Double) throws(JinjaError) -> String {
        switch type {
        case nil:
            guard let precision else { return grouped(Numbers.text(value)) }
            return grouped(Numbers.text(value, style: "g", precision: max(precision, 1)))
        case "f", "F", "e", "E", "g", "G":
            return grouped(Numbers.text(value, style: type ?? "f", precision: precision ?? 6, alternate: alternate))
        case "%": return grouped(Numbers.text(value * 100, style: "f", precision: precision ?? 6)) + "%"
        default: throw Self.invalid
        }
    }

    /// Inserts the separator between groups of three integer digits.
    private func grouped(_ digits: String) -> String {
        guard !grouping.isEmpty else { return digits }
        let sign = digits.prefix { $0 == "-" }
        let integerPart = digits.dropFirst(sign.count).prefix { $0.isNumber }
        var result = ""
        for (index, digit) in integerPart.enumerated() {
            if index > 0, (integerPart.count - index) % 3 == 0 { result += grouping }
            result.append(digit)
        }
        return sign + result + digits.dropFirst(sign.count + integerPart.count)
    }

    func padded(_ text: JinjaString, default natural: Alignment) -> JinjaString {
        let missing = max(0, width - text.count)
        let before: Int
        switch alignment ?? natural {
        case .left: before = 0
        case .right, .afterSign: before = missing
        case .center: before = missing / 2
        }
        func filling(_ count: Int) -> JinjaString {
            JinjaString(scalars: Array(repeating: fill, count: count), trusted: true)
        }
        return filling(before) + text + filling(missing - before)
    }
}

extension Call {
    /// Pads `text` with `fill` to `width` scalars, like `str.center`, `ljust` and `rjust`.
    func padded(
        _ text: JinjaString, width: Int, align: FormatSpecification.Alignment, fill: JinjaString
    ) throws(JinjaError) -> JinjaString {
        try interpreter.charge(length: max(0, width))
        let missing = max(0, width - text.count)
        guard missing > 0 else { return text }
        // With an odd width, Python's str.center puts the extra blank on the left.
        let before = align == .left ? 0 : align == .right ? missing : missing / 2 + (missing & width & 1)
        func filling(_ count: Int) -> JinjaString {
            JinjaString(scalars: Array(repeating: fill.scalars[0], count: count), trusted: fill.isTrusted)
        }
        return filling(before) + text + filling(missing - before)
    }
}
