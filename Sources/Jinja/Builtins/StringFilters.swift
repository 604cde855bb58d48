/// Filters on text. They accept any value and convert it as `str()` does.
extension Builtins {
    static let stringFilters: [String: Builtin] = [
        "string": Builtin { (call) throws(JinjaError) in .string(try call.text()) },
        "safe": Builtin { (call) throws(JinjaError) in .string(try call.text().markup) },
        "escape": escape,
        "e": escape,
        "trim": Builtin(optional: ["chars"]) { (call) throws(JinjaError) in
            try call.result(strip(call.text(), characters: call.optionalString(0), left: true, right: true))
        },
        "upper": Builtin { (call) throws(JinjaError) in try call.result(call.text().uppercased) },
        "lower": Builtin { (call) throws(JinjaError) in try call.result(call.text().lowercased) },
        "capitalize": Builtin { (call) throws(JinjaError) in try call.result(call.text().capitalized) },
        "title": Builtin { (call) throws(JinjaError) in try call.result(title(call.text())) },
        "replace": Builtin(["old", "new"], optional: ["count"]) { (call) throws(JinjaError) in
            try replace(call, in: call.text())
        },
        "center": Builtin(optional: ["width"]) { (call) throws(JinjaError) in
            let fill = JinjaString(" ", trusted: true)
            let width = try call.int(0, default: 80)
            return try call.result(call.padded(call.text(), width: width, align: .center, fill: fill))
        },
        "indent": Builtin(optional: ["width", "first", "blank"], body: indent),
        "format": Builtin(isVariadic: true) { (call) throws(JinjaError) in
            let arguments: JinjaValue =
                call.extra.keywords.isEmpty ? .tuple(call.extra.positional) : try keywordDictionary(call.extra)
            return try call.result(call.interpreter.percentFormat(call.text(), arguments))
        },
        "wordcount": Builtin { (call) throws(JinjaError) in
            var count = 0
            var isInWord = false
            for scalar in try call.text().scalars {
                let isWord = scalar == "_" || scalar.isPythonAlphabetic || scalar.properties.numericType != nil
                if isWord, !isInWord { count += 1 }
                isInWord = isWord
            }
            return .int(count)
        },
    ]

    private static let escape = Builtin { (call) throws(JinjaError) in
        try call.result(call.text().escaped)
    }

    private static func keywordDictionary(_ arguments: Arguments) throws(JinjaError) -> JinjaValue {
        var dict = JinjaDict()
        for (name, value) in arguments.keywords { try dict.set(value, for: .trusted(name)) }
        return .dict(dict)
    }

    /// Words start at the beginning and after white space, hyphens and opening brackets.
    private static func title(_ text: JinjaString) -> JinjaString {
        var startsWord = true
        return text.mapScalars { scalar in
            let isBoundary = scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar)
            defer { startsWord = isBoundary }
            return startsWord ? scalar.uppercase : scalar.lowercase
        }
    }

    /// `indent(width=4, first=false, blank=false)`: by default, every line but the first, and no empty lines.
    private static func indent(_ call: Call) throws(JinjaError) -> JinjaValue {
        if case .undefined(let undefined) = call.subject { throw undefined.error }
        guard case .string(let text) = call.subject else {
            throw call.error("expected a string, found \(call.subject.typeName)")
        }
        let indentation: JinjaString
        if case .string(let prefix) = call.value(0) {
            indentation = prefix
        } else {
            let fill = JinjaString(" ", trusted: true)
            indentation = try call.padded(JinjaString(), width: call.int(0, default: 4), align: .left, fill: fill)
        }
        let lines = text.lines
        try call.interpreter.charge(elements: lines.count)
        let (added, overflow) = lines.count.multipliedReportingOverflow(by: indentation.count)
        try call.interpreter.charge(length: overflow ? .max : text.count + added)
        var result = call.isTrue(1) ? indentation : JinjaString()
        for (index, line) in lines.enumerated() {
            if index > 0 {
                result.append("\n", trusted: true)
                if call.isTrue(2) || !line.isEmpty { result.append(indentation) }
            }
            result.append(line)
        }
        return try call.result(result)
    }
}
