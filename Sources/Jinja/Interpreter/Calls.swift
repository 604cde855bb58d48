/// The argument values of a call.
struct Arguments {
    var positional: [JinjaValue] = []
    var keywords: [(name: String, value: JinjaValue)] = []

    /// Removes and returns the keyword argument `name`.
    mutating func takeKeyword(_ name: String) -> JinjaValue? {
        guard let index = keywords.firstIndex(where: { $0.name == name }) else { return nil }
        return keywords.remove(at: index).value
    }
}

extension Interpreter {
    /// Calls any callable value.
    func call(_ callee: JinjaValue, _ arguments: Arguments) throws(JinjaError) -> JinjaValue {
        switch callee {
        case .function(let function):
            guard let receiver = function.receiver else {
                return try invoke(Builtins.globals[function.name], .none, function.name, arguments)
            }
            return try invoke(Builtins.method(function.name, of: receiver), receiver, function.name, arguments)
        case .object(let object):
            return try callObject(object, arguments)
        case .undefined(let undefined):
            throw undefined.error
        default:
            throw JinjaError(.type, "a \(callee.typeName) cannot be called")
        }
    }

    private func callObject(_ object: JinjaObject, _ arguments: Arguments) throws(JinjaError) -> JinjaValue {
        switch self[object] {
        case .macro(let macro, let scope):
            return .string(try run(macro, in: scope, arguments))
        case .loop(let state):
            guard let recursion = state.recursion, let sequence = arguments.positional.first else {
                throw JinjaError(.type, "'loop' can only be called with a list, in a loop marked 'recursive'")
            }
            return .string(
                try capture { () throws(JinjaError) in
                    _ = try executeLoop(
                        recursion.loop, over: elements(of: sequence), in: recursion.scope, depth: state.depth + 1)
                })
        case .joiner(let separator, let used):
            self[object] = .joiner(separator, used: true)
            return .string(used ? separator : JinjaString())
        case .namespace, .cycler, nil:
            throw JinjaError(.type, "a \(object.kind.rawValue) cannot be called")
        }
    }

    func filter(_ name: String, _ value: JinjaValue, _ arguments: Arguments) throws(JinjaError) -> JinjaValue {
        guard let filter = Builtins.filters[name] else { throw JinjaError(.syntax, "unknown filter '\(name)'") }
        return try invoke(filter, value, name, arguments)
    }

    func test(_ name: String, _ value: JinjaValue, _ arguments: Arguments) throws(JinjaError) -> Bool {
        guard let test = Builtins.tests[name] else { throw JinjaError(.syntax, "unknown test '\(name)'") }
        return isTrue(try invoke(test, value, name, arguments))
    }

    private func invoke(
        _ builtin: Builtin?, _ subject: JinjaValue, _ name: String, _ arguments: Arguments
    ) throws(JinjaError) -> JinjaValue {
        guard let builtin else { throw JinjaError(.type, "unknown function '\(name)'") }
        try charge(reading: subject)
        for argument in arguments.positional { try charge(reading: argument) }
        for (_, argument) in arguments.keywords { try charge(reading: argument) }
        return try nested { () throws(JinjaError) in
            try builtin.body(Call(builtin, name: name, subject: subject, arguments: arguments, interpreter: self))
        }
    }

    // MARK: - Macros

    /// Runs a macro and returns the text it writes.
    private func run(_ macro: Macro, in definition: Scope, _ arguments: Arguments) throws(JinjaError) -> JinjaString {
        var arguments = arguments
        let scope = Scope(parent: definition)
        for (index, parameter) in macro.parameters.enumerated() {
            let value =
                index < arguments.positional.count ? arguments.positional[index] : arguments.takeKeyword(parameter.name)
            if let value {
                scope[parameter.name] = value
            } else if let fallback = parameter.fallback {
                scope[parameter.name] = try evaluate(fallback, in: scope)
            } else {
                scope[parameter.name] = .undefined(.other("parameter '\(parameter.name)' was not provided"))
            }
        }
        try bindRest(of: arguments, to: macro, in: scope)
        return try capture { () throws(JinjaError) in _ = try execute(macro.body, in: scope) }
    }

    /// Binds `caller`, `kwargs` and `varargs` if the body mentions them; otherwise no argument may be left over.
    private func bindRest(of arguments: Arguments, to macro: Macro, in scope: Scope) throws(JinjaError) {
        var arguments = arguments
        if macro.usesCaller, !macro.parameters.contains(where: { $0.name == "caller" }) {
            scope["caller"] = arguments.takeKeyword("caller") ?? .undefined(.other("no caller defined"))
        }
        let extra = arguments.positional.dropFirst(macro.parameters.count)
        if macro.usesVarargs {
            scope["varargs"] = .tuple(Array(extra))
        } else if !extra.isEmpty {
            throw JinjaError(.type, "macro '\(macro.name)' takes at most \(macro.parameters.count) arguments")
        }
        if macro.usesKwargs {
            var rest = JinjaDict()
            for (name, value) in arguments.keywords { try rest.set(value, for: .trusted(name)) }
            scope["kwargs"] = .dict(rest)
        } else if let first = arguments.keywords.first {
            throw JinjaError(.type, "macro '\(macro.name)' takes no argument '\(first.name)'")
        }
    }
}
