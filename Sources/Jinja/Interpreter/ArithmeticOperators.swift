/// The arithmetic operators, with Python's rules for signs, strings and lists.
extension Interpreter {
    func compute(_ operation: Arithmetic, _ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> JinjaValue {
        switch (left, right) {
        case (.undefined(let undefined), _): throw undefined.error
        case (.string(let format), _) where operation == .modulo:
            return .string(try percentFormat(format, right))
        case (_, .undefined(let undefined)): throw undefined.error
        case (.string(let left), .string(let right)) where operation == .add:
            try charge(length: left.count + right.count)
            guard left.isMarkup || right.isMarkup else { return .string(left + right) }
            return .string((left.escaped + right.escaped).markup)
        case (.sequence(let left), .sequence(let right))
        where operation == .add && left.isIndexable && left.kind == right.kind:
            return try sequence(left.elements + right.elements, kind: left.kind)
        case (_, _) where operation == .multiply && (left.isRepeatable || right.isRepeatable):
            return try repeated(left, right)
        default:
            if let left = left.asInt, let right = right.asInt { return try computeIntegers(operation, left, right) }
            if let left = left.asNumber, let right = right.asNumber { return try computeFloats(operation, left, right) }
            throw JinjaError(
                .type, "'\(operation.rawValue)' is not supported between \(left.typeName) and \(right.typeName)")
        }
    }

    func negated(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        if case .undefined(let undefined) = value { throw undefined.error }
        if let value = value.asInt { return try computeIntegers(.subtract, 0, value) }
        if let value = value.asNumber { return .float(-value) }
        throw JinjaError(.type, "'-' is not supported for a \(value.typeName)")
    }

    // MARK: - Numbers

    private func computeIntegers(_ operation: Arithmetic, _ left: Int, _ right: Int) throws(JinjaError) -> JinjaValue {
        switch operation {
        case .add: return .int(try checked(left.addingReportingOverflow(right)))
        case .subtract: return .int(try checked(left.subtractingReportingOverflow(right)))
        case .multiply: return .int(try checked(left.multipliedReportingOverflow(by: right)))
        case .divide: return try computeFloats(.divide, Double(left), Double(right))
        case .floorDivide, .modulo:
            guard right != 0 else { throw JinjaError(.type, "division by zero") }
            let quotient = try checked(left.dividedReportingOverflow(by: right))
            let remainder = left - quotient * right
            // Swift rounds towards zero, Python towards minus infinity.
            let isRounded = remainder != 0 && (remainder < 0) != (right < 0)
            if operation == .floorDivide { return .int(isRounded ? quotient - 1 : quotient) }
            return .int(isRounded ? remainder + right : remainder)
        case .power:
            guard right >= 0 else { return try computeFloats(.power, Double(left), Double(right)) }
            return .int(try power(left, right))
        }
    }

    private func power(_ base: Int, _ exponent: Int) throws(JinjaError) -> Int {
        if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
        if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
        guard exponent < 64 else { throw Self.tooLarge }
        var result = 1
        for _ in 0..<exponent { result = try checked(result.multipliedReportingOverflow(by: base)) }
        return result
    }

    private func computeFloats(_ operation: Arithmetic, _ left: Double, _ right: Double) throws(JinjaError)
        -> JinjaValue
    {
        switch operation {
        case .add: return .float(left + right)
        case .subtract: return .float(left - right)
        case .multiply: return .float(left * right)
        case .divide, .floorDivide, .modulo:
            guard right != 0 else { throw JinjaError(.type, "division by zero") }
            if operation == .divide { return .float(left / right) }
            var remainder = left.truncatingRemainder(dividingBy: right)
            if remainder != 0, (remainder < 0) != (right < 0) { remainder += right }
            if operation == .modulo { return .float(remainder) }
            return .float(((left - remainder) / right).rounded())
        case .power:
            guard left != 0 || right >= 0 else { throw JinjaError(.type, "division by zero") }
            return .float(Numbers.power(left, right))
        }
    }

    private static let tooLarge = JinjaError(.limit, "an integer is too large")

    private func checked(_ result: (partialValue: Int, overflow: Bool)) throws(JinjaError) -> Int {
        guard !result.overflow else { throw Self.tooLarge }
        return result.partialValue
    }

    // MARK: - Repetition

    /// `"ab" * 3`, `3 * [1]`.
    private func repeated(_ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> JinjaValue {
        let (value, times) = left.isRepeatable ? (left, right.asInt) : (right, left.asInt)
        guard let times else {
            throw JinjaError(.type, "'*' is not supported between \(left.typeName) and \(right.typeName)")
        }
        let count = max(0, times)
        switch value {
        case .string(let text):
            try charge(length: try checked(text.count.multipliedReportingOverflow(by: count)))
            var result = JinjaString()
            if !text.isEmpty { for _ in 0..<count { result.append(text) } }
            return .string(result)
        case .sequence(let list):
            try charge(elements: try checked(list.count.multipliedReportingOverflow(by: count)))
            guard list.count > 0 else { return value }
            return try sequence(Array(repeatElement(list.elements, count: count).joined()), kind: list.kind)
        default:
            return value
        }
    }
}

extension JinjaValue {
    fileprivate var isRepeatable: Bool {
        switch self {
        case .string: true
        case .sequence(let sequence): sequence.isIndexable
        default: false
        }
    }
}
