/// Filters that convert single values.
extension Builtins {
    static let valueFilters: [String: Builtin] = [
        "default": fallback,
        "d": fallback,
        "int": Builtin(optional: ["default", "base"], body: toInt),
        "float": Builtin(optional: ["default"]) { (call) throws(JinjaError) in
            if let value = call.subject.asNumber { return .float(value) }
            if case .undefined(let undefined) = call.subject { throw undefined.error }
            if case .string(let text) = call.subject, let value = parseFloat(text) { return .float(value) }
            return call[0] ?? .float(0)
        },
        "abs": Builtin { (call) throws(JinjaError) in
            guard let value = call.subject.asNumber else {
                throw call.error("expected a number, found \(call.subject.typeName)")
            }
            if value < 0 { return try call.interpreter.negated(call.subject) }
            return call.subject.asInt.map(JinjaValue.int) ?? call.subject
        },
        "round": Builtin(optional: ["precision", "method"], body: round),
        "tojson": Builtin(optional: ["ensure_ascii", "indent", "separators", "sort_keys"], body: toJSON),
    ]

    private static let fallback = Builtin(optional: ["default_value", "boolean"]) { (call) throws(JinjaError) in
        let isMissing: Bool
        if case .undefined = call.subject {
            isMissing = true
        } else {
            isMissing = call.isTrue(1) && !call.interpreter.isTrue(call.subject)
        }
        return isMissing ? call[0] ?? .trusted("") : call.subject
    }

    private static func toInt(_ call: Call) throws(JinjaError) -> JinjaValue {
        let fallback = call[0] ?? .int(0)
        let base = try call.int(1, default: 10)
        switch call.subject {
        case .float(let value): return Int(exactly: value.rounded(.towardZero)).map(JinjaValue.int) ?? fallback
        case .string(let text):
            if let value = parseInt(text, base: base) { return .int(value) }
            return parseFloat(text).flatMap { Int(exactly: $0.rounded(.towardZero)) }.map(JinjaValue.int) ?? fallback
        case .undefined(let undefined): throw undefined.error
        default: return call.subject.asInt.map(JinjaValue.int) ?? fallback
        }
    }

    private static func parseInt(_ text: JinjaString, base: Int) -> Int? {
        guard (2...36).contains(base) else { return nil }
        var digits = strip(text, characters: nil, left: true, right: true).text.lowercased()
        let prefixes = [16: "0x", 8: "0o", 2: "0b"]
        if let prefix = prefixes[base], digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
        return Int(digits.filter { $0 != "_" }, radix: base)
    }

    private static func parseFloat(_ text: JinjaString) -> Double? {
        let digits = strip(text, characters: nil, left: true, right: true).text
        // Swift also parses hexadecimal numbers; Python does not.
        guard !digits.contains(where: { $0 == "x" || $0 == "X" || $0 == "(" }) else { return nil }
        return Double(digits)
    }

    private static func round(_ call: Call) throws(JinjaError) -> JinjaValue {
        let digits = try call.int(0, default: 0)
        let method = try call[1] == nil ? JinjaString("common", trusted: true) : call.string(1)
        guard let value = call.subject.asNumber else {
            throw call.error("expected a number, found \(call.subject.typeName)")
        }
        guard digits.magnitude <= 300 else { throw call.error("'precision' is too large") }
        if method == "common" {
            if digits >= 0, let value = call.subject.asInt { return .int(value) }
            let rounded = Numbers.rounded(value, digits: digits)
            guard call.subject.asInt != nil, let integer = Int(exactly: rounded) else { return .float(rounded) }
            return .int(integer)
        }
        let scale = Numbers.power(10, Double(digits))
        if method == "ceil" { return .float((value * scale).rounded(.up) / scale) }
        if method == "floor" { return .float((value * scale).rounded(.down) / scale) }
        throw call.error("'method' must be 'common', 'ceil' or 'floor'")
    }

    private static func toJSON(_ call: Call) throws(JinjaError) -> JinjaValue {
        var style = PythonJSONStyle(isASCII: call.isTrue(0), sortsKeys: call.isTrue(3))
        switch call.value(1) {
        case .none: break
        case .string(let indentation): style.indentation = indentation.text
        default:
            let width = try call.int(1)
            guard width <= 1_000 else { throw call.error("'indent' is too large") }
            style.indentation = String(repeating: " ", count: max(0, width))
        }
        if style.indentation != nil { style.itemSeparator = "," }
        if case .sequence(let separators) = call.value(2) {
            guard separators.count == 2, case .string(let item) = separators.elements[0],
                case .string(let key) = separators.elements[1]
            else { throw call.error("'separators' must be two strings") }
            (style.itemSeparator, style.keySeparator) = (item.text, key.text)
        }
        var writer = PythonJSONWriter(style: style, interpreter: call.interpreter)
        try writer.write(call.subject)
        return try call.result(writer.text)
    }
}
