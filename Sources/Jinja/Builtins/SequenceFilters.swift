/// Filters on whole lists and dictionaries.
extension Builtins {
    static let sequenceFilters: [String: Builtin] = [
        "length": length,
        "count": length,
        "list": Builtin { (call) throws(JinjaError) in try call.list(call.elements()) },
        "first": Builtin { (call) throws(JinjaError) in
            try call.elements().first ?? .undefined(.other("an empty list has no first item"))
        },
        "last": Builtin { (call) throws(JinjaError) in
            try call.elements().last ?? .undefined(.other("an empty list has no last item"))
        },
        "join": Builtin(optional: ["d", "attribute"], body: join),
        "reverse": Builtin { (call) throws(JinjaError) in
            if case .string(let text) = call.subject {
                return try call.interpreter.slice(.string(text), from: nil, to: nil, step: -1)
            }
            return try call.iterator(call.elements().reversed())
        },
        "items": Builtin { (call) throws(JinjaError) in
            switch call.subject {
            case .undefined: return try call.iterator([])
            case .dict: return try call.iterator(call.entries.map { .tuple([$0.key, $0.value]) })
            default: throw call.error("expected a dictionary, found \(call.subject.typeName)")
            }
        },
        "dictsort": Builtin(optional: ["case_sensitive", "by", "reverse"], body: sortDictionary),
        "sort": Builtin(optional: ["reverse", "case_sensitive", "attribute"]) { (call) throws(JinjaError) in
            let key = try sortKey(call, caseSensitive: 1, attribute: 2)
            return try call.list(call.interpreter.sorted(call.elements(), descending: call.isTrue(0), by: key))
        },
        "unique": Builtin(optional: ["case_sensitive", "attribute"], body: unique),
        "min": Builtin(optional: ["case_sensitive", "attribute"]) { (call) throws(JinjaError) in
            try extreme(call, .less)
        },
        "max": Builtin(optional: ["case_sensitive", "attribute"]) { (call) throws(JinjaError) in
            try extreme(call, .greater)
        },
        "sum": Builtin(optional: ["attribute", "start"]) { (call) throws(JinjaError) in
            var sum = call[1] ?? .int(0)
            for element in try call.elements() {
                sum = try call.interpreter.compute(.add, sum, call.interpreter.attribute(path: call[0], of: element))
            }
            return sum
        },
        "batch": Builtin(["linecount"], optional: ["fill_with"], body: batch),
        "slice": Builtin(["slices"], optional: ["fill_with"], body: divide),
        "groupby": Builtin(["attribute"], optional: ["default", "case_sensitive"], body: group),
    ]

    private static let length = Builtin { (call) throws(JinjaError) in
        switch call.subject {
        case .string(let text): return .int(text.count)
        case .sequence(let sequence) where sequence.kind != .iterator: return .int(sequence.count)
        case .dict(let dict): return .int(dict.count)
        case .undefined: return .int(0)
        default: throw call.error("a \(call.subject.typeName) has no length")
        }
    }

    private static func join(_ call: Call) throws(JinjaError) -> JinjaValue {
        let separator = try call[0].map { (value) throws(JinjaError) in try call.interpreter.text(of: value) }
        var result = JinjaString()
        for (index, element) in try call.elements().enumerated() {
            let value = try call.interpreter.attribute(path: call[1], of: element)
            let text = try call.interpreter.text(of: value)
            if index > 0, let separator {
                try call.interpreter.charge(adding: separator, to: result)
                result.append(separator)
            }
            try call.interpreter.charge(adding: text, to: result)
            result.append(text)
        }
        return try call.result(result)
    }

    // MARK: - Order

    /// The sort key of an element: the element itself or an attribute of it, ignoring case by default.
    private static func sortKey(
        _ call: Call, caseSensitive: Int, attribute: Int
    ) throws(JinjaError) -> (JinjaValue) throws(JinjaError) -> JinjaValue {
        let isCaseSensitive = call.isTrue(caseSensitive)
        var paths = [call.value(attribute)]
        if case .string(let names) = paths[0] {
            paths = names.parts(between: names.ranges(of: JinjaString(",", trusted: true))).map(JinjaValue.string)
        }
        return { (element) throws(JinjaError) in
            var keys: [JinjaValue] = []
            for path in paths {
                let key = try call.interpreter.attribute(path: path, of: element)
                try call.interpreter.charge(reading: key)
                keys.append(isCaseSensitive ? key : key.caseFolded)
            }
            return keys.count == 1 ? keys[0] : .tuple(keys)
        }
    }

    private static func sortDictionary(_ call: Call) throws(JinjaError) -> JinjaValue {
        let by = try call[1] == nil ? JinjaString("key", trusted: true) : call.string(1)
        guard by == "key" || by == "value" else { throw call.error("'by' must be 'key' or 'value'") }
        let part = by == "key" ? 0 : 1
        let isCaseSensitive = call.isTrue(0)
        guard case .dict = call.subject else {
            throw call.error("expected a dictionary, found \(call.subject.typeName)")
        }
        let pairs = call.entries.map { JinjaValue.tuple([$0.key, $0.value]) }
        return try call.list(
            call.interpreter.sorted(pairs, descending: call.isTrue(2)) { (pair) throws(JinjaError) in
                let key = try call.interpreter.item(.int(part), of: pair)
                try call.interpreter.charge(reading: key)
                return isCaseSensitive ? key : key.caseFolded
            })
    }

    private static func extreme(_ call: Call, _ comparison: Comparison) throws(JinjaError) -> JinjaValue {
        let key = try sortKey(call, caseSensitive: 0, attribute: 1)
        var best: (key: JinjaValue, element: JinjaValue)?
        for element in try call.elements() {
            let candidate = try key(element)
            if let current = best, try !call.interpreter.compare(comparison, candidate, current.key) { continue }
            best = (candidate, element)
        }
        return best?.element ?? .undefined(.other("an empty list has no smallest or largest item"))
    }

    private static func unique(_ call: Call) throws(JinjaError) -> JinjaValue {
        let key = try sortKey(call, caseSensitive: 0, attribute: 1)
        var seen: Set<JinjaKey> = []
        var elements: [JinjaValue] = []
        for element in try call.elements() {
            if try seen.insert(JinjaKey(key(element))).inserted { elements.append(element) }
        }
        return try call.iterator(elements)
    }

    // MARK: - Parts

    private static func batch(_ call: Call) throws(JinjaError) -> JinjaValue {
        let (elements, size) = (try call.elements(), try call.int(0))
        guard size > 0 else { throw call.error("'linecount' must be positive") }
        guard size <= call.interpreter.limits.sequenceLength else { throw call.error("'linecount' is too large") }
        var batches: [JinjaValue] = []
        for start in stride(from: 0, to: elements.count, by: size) {
            var part = Array(elements[start..<min(start + size, elements.count)])
            if let fill = call[1], !fill.isNone { part += repeatElement(fill, count: size - part.count) }
            batches.append(try call.list(part))
        }
        return try call.iterator(batches)
    }

    /// `slice(n)`: n lists of nearly equal length.
    private static func divide(_ call: Call) throws(JinjaError) -> JinjaValue {
        let (elements, count) = (try call.elements(), try call.int(0))
        guard count > 0 else { throw call.error("'slices' must be positive") }
        try call.interpreter.charge(elements: count)
        let (size, longer) = elements.count.quotientAndRemainder(dividingBy: count)
        var slices: [JinjaValue] = []
        var start = 0
        for index in 0..<count {
            let end = start + size + (index < longer ? 1 : 0)
            var part = Array(elements[start..<end])
            if let fill = call[1], !fill.isNone, index >= longer, longer > 0 { part.append(fill) }
            slices.append(try call.list(part))
            start = end
        }
        return try call.iterator(slices)
    }

    private static func group(_ call: Call) throws(JinjaError) -> JinjaValue {
        let isCaseSensitive = call.isTrue(2)
        func key(_ element: JinjaValue) throws(JinjaError) -> JinjaValue {
            let key = try call.interpreter.attribute(path: call[0], of: element, default: call[1])
            try call.interpreter.charge(reading: key)
            return key
        }
        var groups: [(key: JinjaValue, original: JinjaValue, elements: [JinjaValue])] = []
        let sorted = try call.interpreter.sorted(call.elements()) { (element) throws(JinjaError) in
            isCaseSensitive ? try key(element) : try key(element).caseFolded
        }
        for element in sorted {
            let original = try key(element)
            let compared = isCaseSensitive ? original : original.caseFolded
            if let last = groups.last, try call.interpreter.areEqual(last.key, compared) {
                groups[groups.count - 1].elements.append(element)
            } else {
                groups.append((compared, original, [element]))
            }
        }
        return try call.list(groups.map { .tuple([$0.original, .list($0.elements)]) })
    }
}

extension JinjaValue {
    var isNone: Bool {
        if case .none = self { return true }
        return false
    }

    /// A string in lower case; any other value unchanged.
    fileprivate var caseFolded: JinjaValue {
        if case .string(let text) = self { return .string(text.lowercased) }
        return self
    }
}
