/// `"%s has %d" % (name, count)`.
extension Interpreter {
    /// Fills `format` with `values`: a tuple, a dictionary for `%(name)s`, or one value.
    func percentFormat(_ format: JinjaString, _ values: JinjaValue) throws(JinjaError) -> JinjaString {
        var arguments: [JinjaValue] = [values]
        if case .sequence(let tuple) = values, tuple.kind == .tuple { arguments = tuple.elements }
        var remaining = arguments.makeIterator()
        var result = JinjaString()
        var position = 0
        while let percent = format.scalars[position...].firstIndex(of: "%") {
            result.append(format.slice(position..<percent))
            var rest = format.scalars[(percent + 1)...]
            if rest.first == "%" {
                result.append(format.slice(percent..<percent + 1))
            } else {
                var value: JinjaValue?
                if rest.first == "(" { value = try namedValue(&rest, in: values) }
                let specification = try FormatSpecification(percent: &rest)
                guard let value = value ?? remaining.next() else {
                    throw JinjaError(.type, "not enough values for '%'")
                }
                result.append(try formatted(value, specification))
            }
            position = min(rest.startIndex + 1, format.count)
            try charge(length: result.count)
        }
        result.append(format.slice(position..<format.count))
        if remaining.next() != nil, !values.mayBeUnused {
            throw JinjaError(.type, "too many values for '%'")
        }
        return result
    }

    /// The value for `(name)`.
    private func namedValue(
        _ rest: inout ArraySlice<Unicode.Scalar>, in values: JinjaValue
    ) throws(JinjaError) -> JinjaValue {
        guard case .dict(let dict) = values, let end = rest.firstIndex(of: ")") else {
            throw JinjaError(.type, "'%(name)' needs a dictionary")
        }
        let name = Array(rest[(rest.startIndex + 1)..<end])
        guard let value = dict[.string(name)] else {
            throw JinjaError(.type, "a name in '%(name)' is missing from the dictionary")
        }
        rest = rest[(end + 1)...]
        return value
    }

    private func formatted(
        _ value: JinjaValue, _ specification: FormatSpecification
    ) throws(JinjaError) -> JinjaString {
        switch specification.type {
        case "s": return specification.padded(truncated(try text(of: value), specification), default: .right)
        case "r", "a":
            return specification.padded(truncated(try representation(of: value), specification), default: .right)
        case "d", "i", "u":
            var integer = specification
            integer.type = "d"
            if case .float(let number) = value {
                guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw FormatSpecification.invalid }
                return try integer.format(number: .int(whole))
            }
            return try integer.format(number: value)
        case "c":
            if case .string(let text) = value, text.count == 1 { return specification.padded(text, default: .right) }
            return try specification.format(number: value)
        case "f", "F", "e", "E", "g", "G", "x", "X", "o": return try specification.format(number: value)
        default: throw FormatSpecification.invalid
        }
    }

    private func truncated(_ text: JinjaString, _ specification: FormatSpecification) -> JinjaString {
        specification.precision.map { text.slice(0..<min($0, text.count)) } ?? text
    }
}

extension JinjaValue {
    /// Whether Python allows a format to leave this value unused: anything that supports lookups, such as a dictionary.
    fileprivate var mayBeUnused: Bool {
        switch self {
        case .sequence(let sequence): sequence.kind == .list
        case .dict, .undefined: true
        default: false
        }
    }
}

extension FormatSpecification {
    /// Reads `[flags][width][.precision]type`, leaving `rest` at the type.
    init(percent rest: inout ArraySlice<Unicode.Scalar>) throws(JinjaError) {
        self.init()
        flags: while let flag = rest.first {
            switch flag {
            case "-": alignment = .left
            case "+": sign = "+"
            case " ": if sign.isEmpty { sign = " " }
            case "#": alternate = true
            case "0": if alignment == nil { (fill, alignment) = ("0", .afterSign) }
            default: break flags
            }
            rest = rest.dropFirst()
        }
        if alignment == .left { fill = " " }
        width = try Self.number(&rest) ?? 0
        if rest.first == "." {
            rest = rest.dropFirst()
            precision = try Self.number(&rest) ?? 0
        }
        guard let letter = rest.first else { throw JinjaError(.type, "incomplete '%' format") }
        type = Character(letter)
    }
}
