/// Tests, as in `value is defined`.
extension Builtins {
    static let tests: [String: Builtin] = {
        var tests: [String: Builtin] = [
            "defined": type { if case .undefined = $0 { false } else { true } },
            "undefined": type { if case .undefined = $0 { true } else { false } },
            "none": type(\.isNone),
            "boolean": type { if case .bool = $0 { true } else { false } },
            "true": type { if case .bool(true) = $0 { true } else { false } },
            "false": type { if case .bool(false) = $0 { true } else { false } },
            "integer": type { if case .int = $0 { true } else { false } },
            "float": type { if case .float = $0 { true } else { false } },
            "number": type { $0.asNumber != nil },
            "string": type { if case .string = $0 { true } else { false } },
            "mapping": type { if case .dict = $0 { true } else { false } },
            "sequence": type(\.isSequence),
            "iterable": type(\.isIterable),
            "callable": type(\.isCallable),
            "escaped": type { if case .string(let text) = $0 { text.isMarkup } else { false } },
            "odd": Builtin { (call) throws(JinjaError) in .bool(try remainder(call, 2) == 1) },
            "even": Builtin { (call) throws(JinjaError) in .bool(try remainder(call, 2) == 0) },
            "divisibleby": Builtin(["num"]) { (call) throws(JinjaError) in
                .bool(try remainder(call, call.value(0)) == 0)
            },
            "in": Builtin(["seq"]) { (call) throws(JinjaError) in
                .bool(try call.interpreter.contains(call.value(0), call.subject))
            },
            "sameas": Builtin(["other"]) { (call) throws(JinjaError) in
                guard call.subject.typeName == call.value(0).typeName else { return .bool(false) }
                return .bool(try call.interpreter.areEqual(call.subject, call.value(0)))
            },
            "lower": Builtin { (call) throws(JinjaError) in .bool(try call.text().isLowercase) },
            "upper": Builtin { (call) throws(JinjaError) in .bool(try call.text().isUppercase) },
            "filter": Builtin { (call) throws(JinjaError) in .bool(try filters[call.text().text] != nil) },
            "test": Builtin { (call) throws(JinjaError) in .bool(try Builtins.tests[call.text().text] != nil) },
        ]
        for (names, comparison) in comparisons {
            let test = Builtin(["other"]) { (call) throws(JinjaError) in
                .bool(try call.interpreter.compare(comparison, call.subject, call.value(0)))
            }
            for name in names { tests[name] = test }
        }
        return tests
    }()

    /// Tests that are other names for comparisons.
    private static let comparisons: [(names: [String], comparison: Comparison)] = [
        (["eq", "equalto", "=="], .equal),
        (["ne", "!="], .notEqual),
        (["lt", "lessthan", "<"], .less),
        (["le", "<="], .lessOrEqual),
        (["gt", "greaterthan", ">"], .greater),
        (["ge", ">="], .greaterOrEqual),
    ]

    private static func type(_ condition: @escaping @Sendable (JinjaValue) -> Bool) -> Builtin {
        Builtin { (call) throws(JinjaError) in .bool(condition(call.subject)) }
    }

    private static func remainder(_ call: Call, _ divisor: JinjaValue) throws(JinjaError) -> Double? {
        try call.interpreter.compute(.modulo, call.subject, divisor).asNumber
    }
}

extension JinjaValue {
    /// Whether Python finds both a length and items in it.
    fileprivate var isSequence: Bool {
        switch self {
        case .string, .dict: true
        case .sequence(let sequence): sequence.isIndexable
        default: false
        }
    }

    fileprivate var isIterable: Bool {
        switch self {
        case .string, .dict, .sequence, .undefined: true
        case .object(let object): object.kind == .loop
        default: false
        }
    }

    fileprivate var isCallable: Bool {
        switch self {
        case .function: true
        case .object(let object): object.kind == .macro || object.kind == .loop || object.kind == .joiner
        case .undefined: true
        default: false
        }
    }
}
