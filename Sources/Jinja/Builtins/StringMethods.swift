/// The methods of Python's `str` that templates use.
extension Builtins {
    static let stringMethods: [String: Builtin] = [
        "strip": stripping(left: true, right: true),
        "lstrip": stripping(left: true, right: false),
        "rstrip": stripping(left: false, right: true),
        "split": splitting(fromRight: false),
        "rsplit": splitting(fromRight: true),
        "splitlines": Builtin(optional: ["keepends"], body: splitLines),
        "partition": Builtin(["sep"]) { (call) throws(JinjaError) in
            try partition(call, at: call.string.firstRange(of: call.string(0)), fromRight: false)
        },
        "rpartition": Builtin(["sep"]) { (call) throws(JinjaError) in
            try partition(call, at: call.string.lastRange(of: call.string(0)), fromRight: true)
        },
        "startswith": Builtin(["prefix"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            try hasAffix(call) { $0.scalars.starts(with: $1.scalars) }
        },
        "endswith": Builtin(["suffix"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            try hasAffix(call) { $0.scalars.reversed().starts(with: $1.scalars.reversed()) }
        },
        "removeprefix": Builtin(["prefix"]) { (call) throws(JinjaError) in
            let (text, prefix) = (call.string, try call.string(0))
            return .string(text.scalars.starts(with: prefix.scalars) ? text.slice(prefix.count..<text.count) : text)
        },
        "removesuffix": Builtin(["suffix"]) { (call) throws(JinjaError) in
            let (text, suffix) = (call.string, try call.string(0))
            let ends = text.scalars.reversed().starts(with: suffix.scalars.reversed())
            return .string(ends ? text.slice(0..<text.count - suffix.count) : text)
        },
        "replace": Builtin(["old", "new"], optional: ["count"]) { (call) throws(JinjaError) in
            try replace(call, in: call.string)
        },
        "find": Builtin(["sub"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            .int(try position(call, last: false) ?? -1)
        },
        "rfind": Builtin(["sub"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            .int(try position(call, last: true) ?? -1)
        },
        "index": Builtin(["sub"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            guard let position = try position(call, last: false) else { throw call.error("the text was not found") }
            return .int(position)
        },
        "rindex": Builtin(["sub"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            guard let position = try position(call, last: true) else { throw call.error("the text was not found") }
            return .int(position)
        },
        "count": Builtin(["sub"], optional: ["start", "end"]) { (call) throws(JinjaError) in
            .int(try call.ranges(of: call.string(0), in: searchRange(call).text).count)
        },
        "join": Builtin(["iterable"]) { (call) throws(JinjaError) in
            var result = JinjaString()
            for (index, element) in try call.interpreter.elements(of: call.value(0)).enumerated() {
                guard case .string(let text) = element else {
                    throw call.error("element \(index) must be a string, found \(element.typeName)")
                }
                if index > 0 {
                    try call.interpreter.charge(adding: call.string, to: result)
                    result.append(call.string)
                }
                try call.interpreter.charge(adding: text, to: result)
                result.append(text)
            }
            return try call.result(result)
        },
        "format": Builtin(isVariadic: true) { (call) throws(JinjaError) in
            try call.result(call.interpreter.format(call.string, call.extra))
        },
        "upper": Builtin { (call) throws(JinjaError) in try call.result(call.string.uppercased) },
        "lower": Builtin { (call) throws(JinjaError) in try call.result(call.string.lowercased) },
        "title": Builtin { (call) throws(JinjaError) in try call.result(call.string.titlecased) },
        "capitalize": Builtin { (call) throws(JinjaError) in try call.result(call.string.capitalized) },
        "swapcase": Builtin { (call) throws(JinjaError) in
            try call.result(call.string.mapScalars { $0.isUppercase ? $0.lowercase : $0.uppercase })
        },
        "zfill": Builtin(["width"], body: zeroFill),
        "center": Builtin(["width"], optional: ["fillchar"]) { (call) throws(JinjaError) in
            try call.result(call.padded(call.string, width: call.int(0), align: .center, fill: fillCharacter(call)))
        },
        "ljust": Builtin(["width"], optional: ["fillchar"]) { (call) throws(JinjaError) in
            try call.result(call.padded(call.string, width: call.int(0), align: .left, fill: fillCharacter(call)))
        },
        "rjust": Builtin(["width"], optional: ["fillchar"]) { (call) throws(JinjaError) in
            try call.result(call.padded(call.string, width: call.int(0), align: .right, fill: fillCharacter(call)))
        },
        "isdigit": all { $0.properties.numericType == .digit || $0.properties.numericType == .decimal },
        "isdecimal": all { $0.properties.numericType == .decimal },
        "isnumeric": all { $0.properties.numericType != nil },
        "isalpha": all(\.isPythonAlphabetic),
        "isalnum": all { $0.isPythonAlphabetic || $0.properties.numericType != nil },
        "isspace": all(\.isPythonSpace),
        "isascii": Builtin { (call) throws(JinjaError) in .bool(call.string.scalars.allSatisfy(\.isASCII)) },
        "isupper": Builtin { (call) throws(JinjaError) in .bool(call.string.isUppercase) },
        "islower": Builtin { (call) throws(JinjaError) in .bool(call.string.isLowercase) },
    ]

    private static func all(_ condition: @escaping @Sendable (Unicode.Scalar) -> Bool) -> Builtin {
        Builtin { (call) throws(JinjaError) in
            .bool(!call.string.isEmpty && call.string.scalars.allSatisfy(condition))
        }
    }

    // MARK: - Stripping and splitting

    private static func stripping(left: Bool, right: Bool) -> Builtin {
        Builtin(optional: ["chars"]) { (call) throws(JinjaError) in
            try call.result(strip(call.string, characters: call.optionalString(0), left: left, right: right))
        }
    }

    /// Strips white space, or any of `characters`, from the ends.
    static func strip(_ text: JinjaString, characters: JinjaString?, left: Bool, right: Bool) -> JinjaString {
        guard let characters else { return text.slice(text.strippedRange(left: left, right: right, \.isPythonSpace)) }
        let set = Set(characters.scalars)
        return text.slice(text.strippedRange(left: left, right: right, set.contains))
    }

    private static func splitting(fromRight: Bool) -> Builtin {
        Builtin(optional: ["sep", "maxsplit"]) { (call) throws(JinjaError) in
            let text = call.string
            let maxSplit = try call.int(1, default: -1)
            let limit = maxSplit < 0 ? Int.max : maxSplit
            guard let separator = try call.optionalString(0) else {
                let words = fromRight ? text.lastWords(splits: limit) : text.words(splits: limit)
                try call.interpreter.charge(elements: words.count)
                return try call.stringList(words.map(text.slice))
            }
            guard !separator.isEmpty else { throw call.error("the separator is empty") }
            guard fromRight else {
                return try call.stringList(text.parts(between: call.ranges(of: separator, in: text, limit: limit)))
            }
            // From the right: search the reversed text and mirror the results.
            let mirrored = try call.ranges(of: separator.reversed, in: text.reversed, limit: limit)
            let ranges = mirrored.reversed().map { text.count - $0.upperBound..<text.count - $0.lowerBound }
            return try call.stringList(text.parts(between: ranges))
        }
    }

    private static func splitLines(_ call: Call) throws(JinjaError) -> JinjaValue {
        let text = call.string
        let ranges = text.lineRanges
        try call.interpreter.charge(elements: ranges.count)
        return try call.stringList(ranges.map { text.slice($0.start..<(call.isTrue(0) ? $0.next : $0.end)) })
    }

    private static func partition(
        _ call: Call, at range: Range<Int>?, fromRight: Bool
    ) throws(JinjaError) -> JinjaValue {
        let text = call.string
        guard try !call.string(0).isEmpty else { throw call.error("the separator is empty") }
        let parts: [JinjaString]
        if let range {
            parts = [text.slice(0..<range.lowerBound), text.slice(range), text.slice(range.upperBound..<text.count)]
        } else {
            parts = fromRight ? [JinjaString(), JinjaString(), text] : [text, JinjaString(), JinjaString()]
        }
        return try call.interpreter.sequence(parts.map(JinjaValue.string), kind: .tuple)
    }

    // MARK: - Searching and replacing

    /// The part of the subject between arguments 1 and 2 (`start` and `end`), and where it starts.
    private static func searchRange(_ call: Call) throws(JinjaError) -> (text: JinjaString, start: Int) {
        let text = call.string
        func clipped(_ bound: Int) -> Int { min(max(bound < 0 ? bound + text.count : bound, 0), text.count) }
        let start = clipped(try call.optionalInt(1) ?? 0)
        let end = clipped(try call.optionalInt(2) ?? text.count)
        return (text.slice(start..<max(start, end)), start)
    }

    private static func position(_ call: Call, last: Bool) throws(JinjaError) -> Int? {
        let (text, start) = try searchRange(call)
        let part = try call.string(0)
        return (last ? text.lastRange(of: part) : text.firstRange(of: part)).map { $0.lowerBound + start }
    }

    private static func hasAffix(
        _ call: Call, _ isAffix: (JinjaString, JinjaString) -> Bool
    ) throws(JinjaError) -> JinjaValue {
        let (text, _) = try searchRange(call)
        guard case .sequence(let affixes) = call.value(0), affixes.kind == .tuple else {
            return .bool(isAffix(text, try call.string(0)))
        }
        for case .string(let affix) in affixes.elements {
            try call.interpreter.charge(length: affix.count)
            if isAffix(text, affix) { return .bool(true) }
        }
        return .bool(false)
    }

    /// `replace(old, new, count)` in `text`.
    static func replace(_ call: Call, in text: JinjaString) throws(JinjaError) -> JinjaValue {
        let (old, new) = (try call.string(0), try call.string(1))
        let count = try call.optionalInt(2) ?? -1
        let ranges = try call.ranges(of: old, in: text, limit: count < 0 ? .max : count)
        let (added, overflow) = ranges.count.multipliedReportingOverflow(by: new.count)
        try call.interpreter.charge(length: overflow ? .max : max(text.count, added))
        var result = JinjaString()
        var position = 0
        for range in ranges {
            result.append(text.slice(position..<range.lowerBound))
            result.append(new)
            position = range.upperBound
        }
        result.append(text.slice(position..<text.count))
        return try call.result(result)
    }

    // MARK: - Padding

    private static func fillCharacter(_ call: Call) throws(JinjaError) -> JinjaString {
        guard call[1] != nil else { return JinjaString(" ", trusted: true) }
        let fill = try call.string(1)
        guard fill.count == 1 else { throw call.error("the fill character must be a single character") }
        return fill
    }

    private static func zeroFill(_ call: Call) throws(JinjaError) -> JinjaValue {
        let text = call.string
        let signLength = text.scalars.first == "-" || text.scalars.first == "+" ? 1 : 0
        let zeros = try call.padded(
            JinjaString(), width: max(0, call.int(0)) - text.count, align: .left, fill: JinjaString("0", trusted: true))
        return try call.result(text.slice(0..<signLength) + zeros + text.slice(signLength..<text.count))
    }
}
