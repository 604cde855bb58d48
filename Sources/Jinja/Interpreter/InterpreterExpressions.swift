extension Interpreter {
    func evaluate(_ expression: Expression, in scope: Scope) throws(JinjaError) -> JinjaValue {
        try charge()
        switch expression {
        case .literal(let value): return value
        case .name(let name): return lookUp(name, in: scope)
        default: return try nested { () throws(JinjaError) in try evaluateCompound(expression, in: scope) }
        }
    }

    private func lookUp(_ name: String, in scope: Scope) -> JinjaValue {
        if let value = scope[name] { return value }
        if Builtins.globals[name] != nil { return .function(JinjaFunction(name: name, receiver: nil)) }
        return .undefined(.variable(name))
    }

    /// Each case has its own function, to keep the frame of this recursive one small.
    private func evaluateCompound(_ expression: Expression, in scope: Scope) throws(JinjaError) -> JinjaValue {
        switch expression {
        case .literal, .name: return try evaluate(expression, in: scope)
        case .list(let elements): return try sequence(evaluateAll(elements, in: scope))
        case .tuple(let elements): return try sequence(evaluateAll(elements, in: scope), kind: .tuple)
        case .dict(let entries): return try evaluateDict(entries, in: scope)
        case .not(let operand): return .bool(try !isTrue(evaluate(operand, in: scope)))
        case .negate(let operand): return try negated(evaluate(operand, in: scope))
        case .plus(let operand): return try negated(negated(evaluate(operand, in: scope)))
        case .and(let operands): return try evaluateLogical(operands, until: false, in: scope)
        case .or(let operands): return try evaluateLogical(operands, until: true, in: scope)
        case .comparison(let first, let rest): return try evaluateComparison(first, rest, in: scope)
        case .arithmetic(let first, let rest): return try evaluateArithmetic(first, rest, in: scope)
        case .concatenation(let operands): return try evaluateConcatenation(operands, in: scope)
        case .conditional(let branches, let otherwise):
            return try evaluateConditional(branches, otherwise: otherwise, in: scope)
        case .postfix(let base, let steps): return try evaluatePostfix(base, steps, in: scope)
        }
    }

    private func evaluateAll(_ expressions: [Expression], in scope: Scope) throws(JinjaError) -> [JinjaValue] {
        var values: [JinjaValue] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression, in: scope)) }
        return values
    }

    private func evaluateDict(
        _ entries: [(key: Expression, value: Expression)], in scope: Scope
    ) throws(JinjaError) -> JinjaValue {
        var dict = JinjaDict()
        for entry in entries {
            let key = try evaluate(entry.key, in: scope)
            try charge(reading: key)
            try dict.set(evaluate(entry.value, in: scope), for: key)
        }
        return try checkedDepth(.dict(dict))
    }

    /// `and`, `or`: the first operand whose truth value is `wanted`, otherwise the last.
    private func evaluateLogical(
        _ operands: [Expression], until wanted: Bool, in scope: Scope
    ) throws(JinjaError) -> JinjaValue {
        var value = JinjaValue.none
        for operand in operands {
            value = try evaluate(operand, in: scope)
            if isTrue(value) == wanted { break }
        }
        return value
    }

    /// `a < b <= c`: every adjacent pair must hold; operands after one that does not are not evaluated.
    private func evaluateComparison(
        _ first: Expression, _ rest: [(operation: Comparison, operand: Expression)], in scope: Scope
    ) throws(JinjaError) -> JinjaValue {
        var left = try evaluate(first, in: scope)
        for (operation, operand) in rest {
            let right = try evaluate(operand, in: scope)
            guard try compare(operation, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    private func evaluateArithmetic(
        _ first: Expression, _ rest: [(operation: Arithmetic, operand: Expression)], in scope: Scope
    ) throws(JinjaError) -> JinjaValue {
        var value = try evaluate(first, in: scope)
        for (operation, operand) in rest { value = try compute(operation, value, evaluate(operand, in: scope)) }
        return value
    }

    private func evaluateConcatenation(_ operands: [Expression], in scope: Scope) throws(JinjaError) -> JinjaValue {
        var result = JinjaString()
        for operand in operands {
            let part = try text(of: evaluate(operand, in: scope))
            try charge(adding: part, to: result)
            result.append(part)
        }
        return .string(result)
    }

    private func evaluateConditional(
        _ branches: [(value: Expression, condition: Expression)], otherwise: Expression?, in scope: Scope
    ) throws(JinjaError) -> JinjaValue {
        for branch in branches where try isTrue(evaluate(branch.condition, in: scope)) {
            return try evaluate(branch.value, in: scope)
        }
        if let otherwise { return try evaluate(otherwise, in: scope) }
        return .undefined(.other("an 'if' without 'else' has no value when its condition is false"))
    }

    // MARK: - Postfix steps

    private func evaluatePostfix(
        _ base: Expression, _ steps: [Postfix], in scope: Scope
    ) throws(JinjaError) -> JinjaValue {
        var value = try evaluate(base, in: scope)
        for step in steps {
            try charge()
            value = try apply(step, to: value, in: scope)
        }
        return value
    }

    func apply(_ step: Postfix, to value: JinjaValue, in scope: Scope) throws(JinjaError) -> JinjaValue {
        switch step {
        case .attribute(let name):
            return try attribute(name, of: value)
        case .item(let key):
            return try item(evaluate(key, in: scope), of: value)
        case .slice(let lower, let upper, let step):
            return try slice(
                value, from: bound(lower, in: scope), to: bound(upper, in: scope), step: bound(step, in: scope))
        case .call(let arguments):
            return try call(value, evaluateArguments(arguments, in: scope))
        case .filter(let name, let arguments):
            return try filter(name, value, evaluateArguments(arguments, in: scope))
        case .test(let name, let arguments, let negated):
            return .bool(try test(name, value, evaluateArguments(arguments, in: scope)) != negated)
        }
    }

    private func bound(_ expression: Expression?, in scope: Scope) throws(JinjaError) -> Int? {
        guard let expression else { return nil }
        switch try evaluate(expression, in: scope) {
        case .none: return nil
        case .int(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .undefined(let undefined): throw undefined.error
        case let value: throw JinjaError(.type, "slice indices must be integers, found \(value.typeName)")
        }
    }

    func evaluateArguments(_ syntax: CallArguments, in scope: Scope) throws(JinjaError) -> Arguments {
        var arguments = Arguments(positional: try evaluateAll(syntax.positional, in: scope))
        for (name, value) in syntax.keywords { arguments.keywords.append((name, try evaluate(value, in: scope))) }
        if let extra = syntax.extraPositional {
            arguments.positional += try elements(of: evaluate(extra, in: scope))
        }
        if let extra = syntax.extraKeywords {
            guard case .dict(let dict) = try evaluate(extra, in: scope) else {
                throw JinjaError(.type, "'**' needs a dictionary of arguments")
            }
            for (key, value) in dict.entries {
                guard case .string(let name) = key else { throw JinjaError(.type, "argument names must be strings") }
                arguments.keywords.append((name.text, value))
            }
        }
        try charge(elements: arguments.positional.count + arguments.keywords.count)
        return arguments
    }
}
