/// Filters that apply a filter or test to every element.
extension Builtins {
    static let selectionFilters: [String: Builtin] = [
        "map": Builtin(isVariadic: true, body: map),
        "select": selection(byAttribute: false, keeping: true),
        "reject": selection(byAttribute: false, keeping: false),
        "selectattr": selection(byAttribute: true, keeping: true),
        "rejectattr": selection(byAttribute: true, keeping: false),
    ]

    /// `map("filter", …)` or `map(attribute="name", default=…)`.
    private static func map(_ call: Call) throws(JinjaError) -> JinjaValue {
        var arguments = call.extra
        var mapped: [JinjaValue] = []
        if arguments.positional.isEmpty, let attribute = arguments.takeKeyword("attribute") {
            let fallback = arguments.takeKeyword("default")
            for element in try selectable(call) {
                mapped.append(try call.interpreter.attribute(path: attribute, of: element, default: fallback))
            }
        } else {
            let name = try takeName(from: &arguments, call)
            for element in try selectable(call) { mapped.append(try call.interpreter.filter(name, element, arguments)) }
        }
        return try call.iterator(mapped)
    }

    private static func selection(byAttribute: Bool, keeping expected: Bool) -> Builtin {
        Builtin(isVariadic: true) { (call) throws(JinjaError) in
            try select(call, byAttribute: byAttribute, keeping: expected)
        }
    }

    /// The elements for which a test holds, or for which it does not. Without a test, elements are tested for truth.
    private static func select(_ call: Call, byAttribute: Bool, keeping expected: Bool) throws(JinjaError) -> JinjaValue
    {
        var arguments = call.extra
        var attribute: JinjaValue?
        if byAttribute {
            guard !arguments.positional.isEmpty else { throw call.error("expected an attribute name") }
            attribute = arguments.positional.removeFirst()
        }
        let test = arguments.positional.isEmpty ? nil : try takeName(from: &arguments, call)
        var selected: [JinjaValue] = []
        for element in try selectable(call) {
            let value = try call.interpreter.attribute(path: attribute, of: element)
            let holds =
                try test.map { (test) throws(JinjaError) in try call.interpreter.test(test, value, arguments) }
                ?? call.interpreter.isTrue(value)
            if holds == expected { selected.append(element) }
        }
        return try call.iterator(selected)
    }

    /// The elements to choose from. Any falsy value has none, even one that cannot be iterated.
    private static func selectable(_ call: Call) throws(JinjaError) -> [JinjaValue] {
        call.interpreter.isTrue(call.subject) ? try call.elements() : []
    }

    private static func takeName(from arguments: inout Arguments, _ call: Call) throws(JinjaError) -> String {
        guard case .string(let name) = arguments.positional.first else {
            throw call.error("expected the name of a filter or test")
        }
        arguments.positional.removeFirst()
        return name.text
    }
}

extension Interpreter {
    /// Follows a path such as `function.name` or `0.role` from `value`; without a path, returns the value itself.
    /// - Parameter fallback: what to return if the result is undefined.
    func attribute(
        path: JinjaValue?, of value: JinjaValue, default fallback: JinjaValue? = nil
    ) throws(JinjaError) -> JinjaValue {
        var value = value
        switch path {
        case .none?, nil: return value
        case .int?: value = try item(path ?? .none, of: value)
        case .string(let names)?:
            for part in names.parts(between: names.ranges(of: JinjaString(".", trusted: true))) {
                value = try item(Int(part.text).map(JinjaValue.int) ?? .string(part), of: value)
            }
        case let other?: throw JinjaError(.type, "an attribute must be a string or a number, found \(other.typeName)")
        }
        if case .undefined = value, let fallback { return fallback }
        return value
    }
}
