/// The functions available to every template.
extension Builtins {
    static let globals: [String: Builtin] = [
        "range": Builtin(["start"], optional: ["stop", "step"], body: range),
        "namespace": Builtin(isVariadic: true) { (call) throws(JinjaError) in
            .object(try call.interpreter.makeObject(.namespace, .namespace(dictionary(call))))
        },
        "dict": Builtin(isVariadic: true) { (call) throws(JinjaError) in .dict(try dictionary(call)) },
        "joiner": Builtin(optional: ["sep"]) { (call) throws(JinjaError) in
            let separator = try call[0] == nil ? JinjaString(", ", trusted: true) : call.string(0)
            return .object(try call.interpreter.makeObject(.joiner, .joiner(separator, used: false)))
        },
        "cycler": Builtin(isVariadic: true) { (call) throws(JinjaError) in
            let items = call.extra.positional
            guard !items.isEmpty else { throw call.error("expected at least one item") }
            return .object(try call.interpreter.makeObject(.cycler, .cycler(items, position: 0)))
        },
        "raise_exception": Builtin(["message"]) { (call) throws(JinjaError) in
            throw JinjaError(.raised, try call.interpreter.text(of: call.value(0)).text)
        },
        "strftime_now": Builtin(["format"]) { (call) throws(JinjaError) in
            let format = try call.string(0)
            guard format.count <= 1_000 else { throw call.error("the format is too long") }
            return try call.result(JinjaString(call.interpreter.clock.formatted(format.text), trusted: true))
        },
    ]

    private static func range(_ call: Call) throws(JinjaError) -> JinjaValue {
        let first = try call.int(0)
        let (start, end) = call[1] == nil ? (0, first) : (first, try call.int(1))
        let step = try call.int(2, default: 1)
        guard step != 0 else { throw call.error("the step cannot be 0") }
        let limit = call.interpreter.limits.rangeLength
        var elements: [JinjaValue] = []
        for value in stride(from: start, to: end, by: step) {
            guard elements.count < limit else { throw JinjaError(.limit, "a range has more than \(limit) elements") }
            elements.append(.int(value))
        }
        return try call.list(elements)
    }

    /// The dictionary that Python's `dict` builds from its arguments: a mapping or a list of pairs, then keyword
    /// arguments.
    private static func dictionary(_ call: Call) throws(JinjaError) -> JinjaDict {
        var dict = JinjaDict()
        guard call.extra.positional.count < 2 else { throw call.error("at most one positional argument is allowed") }
        switch call.extra.positional.first {
        case .dict(let source): dict = source
        case let source?:
            for pair in try call.interpreter.elements(of: source) {
                let parts = try call.interpreter.elements(of: pair)
                guard parts.count == 2 else { throw call.error("expected a list of pairs") }
                try dict.set(parts[1], for: parts[0])
            }
        case nil: break
        }
        for (name, value) in call.extra.keywords { try dict.set(value, for: .trusted(name)) }
        guard case .dict(let checked) = try call.interpreter.checkedDepth(.dict(dict)) else { return dict }
        return checked
    }
}
