/// Truth, equality and ordering, as in Python.
extension Interpreter {
    func isTrue(_ value: JinjaValue) -> Bool {
        switch value {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .string(let value): !value.isEmpty
        case .sequence(let value): value.kind == .iterator || value.count > 0
        case .dict(let value): value.count > 0
        case .function, .object: true
        }
    }

    func compare(_ operation: Comparison, _ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> Bool {
        switch operation {
        case .equal: try areEqual(left, right)
        case .notEqual: try !areEqual(left, right)
        case .less:
            try order(left, right, "<") {
                $0 < $1
            } strings: {
                $0 < $1
            }
        case .lessOrEqual:
            try order(left, right, "<=") {
                $0 <= $1
            } strings: {
                !($1 < $0)
            }
        case .greater:
            try order(left, right, ">") {
                $0 > $1
            } strings: {
                $1 < $0
            }
        case .greaterOrEqual:
            try order(left, right, ">=") {
                $0 >= $1
            } strings: {
                !($0 < $1)
            }
        case .contained: try contains(right, left)
        case .notContained: try !contains(right, left)
        }
    }

    // MARK: - Equality

    func areEqual(_ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> Bool {
        try charge()
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let left), .string(let right)):
            guard left.count == right.count else { return false }
            try charge(length: left.count)
            return left == right
        case (.sequence(let left), .sequence(let right)):
            guard left.kind == right.kind, left.count == right.count else { return false }
            for (left, right) in zip(left.elements, right.elements) where try !areEqual(left, right) { return false }
            return true
        case (.dict(let left), .dict(let right)):
            guard left.count == right.count else { return false }
            for (key, value) in left.entries {
                guard let other = try right[JinjaKey(key)], try areEqual(value, other) else { return false }
            }
            return true
        case (.object(let left), .object(let right)):
            return left == right
        case (.function(let left), .function(let right)):
            return left.name == right.name && left.receiver == nil && right.receiver == nil
        default:
            if let left = left.asInt, let right = right.asInt { return left == right }
            if let left = left.asNumber, let right = right.asNumber { return left == right }
            return false
        }
    }

    /// `needle in haystack`.
    func contains(_ haystack: JinjaValue, _ needle: JinjaValue) throws(JinjaError) -> Bool {
        try charge(reading: haystack)
        try charge(reading: needle)
        switch haystack {
        case .string(let text):
            guard case .string(let part) = needle else {
                throw JinjaError(.type, "'in <string>' needs a string on the left, found \(needle.typeName)")
            }
            return text.firstRange(of: part) != nil
        case .sequence(let sequence):
            for element in sequence.elements where try areEqual(element, needle) { return true }
            return false
        case .dict(let dict): return try dict[JinjaKey(needle)] != nil
        case .undefined: return false
        default: throw JinjaError(.type, "a \(haystack.typeName) is not a container")
        }
    }

    // MARK: - Order

    private func order(
        _ left: JinjaValue, _ right: JinjaValue, _ name: String, numbers: (Double, Double) -> Bool,
        strings: (JinjaString, JinjaString) -> Bool
    ) throws(JinjaError) -> Bool {
        switch (left, right) {
        case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.error
        case (.string(let left), .string(let right)):
            try charge(length: min(left.count, right.count))
            return strings(left, right)
        case (.sequence(let left), .sequence(let right)) where left.isIndexable && left.kind == right.kind:
            for (leftElement, rightElement) in zip(left.elements, right.elements)
            where try !areEqual(leftElement, rightElement) {
                return try nested { () throws(JinjaError) in
                    try order(leftElement, rightElement, name, numbers: numbers, strings: strings)
                }
            }
            return numbers(Double(left.count), Double(right.count))
        default:
            if let left = left.asInt, let right = right.asInt, left.magnitude > 1 << 53 || right.magnitude > 1 << 53 {
                // Beyond what a Double represents exactly: compare the sign of the difference.
                return numbers(left < right ? -1 : left > right ? 1 : 0, 0)
            }
            if let left = left.asNumber, let right = right.asNumber { return numbers(left, right) }
            throw JinjaError(.type, "'\(name)' is not supported between \(left.typeName) and \(right.typeName)")
        }
    }

    /// Stable sort; `key` returns the value to compare.
    func sorted(
        _ elements: [JinjaValue], descending: Bool = false, by key: (JinjaValue) throws(JinjaError) -> JinjaValue
    ) throws(JinjaError) -> [JinjaValue] {
        var items: [(key: JinjaValue, element: JinjaValue)] = []
        for element in elements { items.append((try key(element), element)) }
        try charge(elements: items.count)
        // Bottom-up merge sort: stable, and the comparison may throw.
        var width = 1
        while width < items.count {
            var merged: [(key: JinjaValue, element: JinjaValue)] = []
            merged.reserveCapacity(items.count)
            for start in stride(from: 0, to: items.count, by: 2 * width) {
                let middle = min(start + width, items.count)
                let end = min(start + 2 * width, items.count)
                var left = start
                var right = middle
                while left < middle, right < end {
                    let takesRight = try compare(descending ? .greater : .less, items[right].key, items[left].key)
                    merged.append(items[takesRight ? right : left])
                    if takesRight { right += 1 } else { left += 1 }
                }
                merged += items[left..<middle]
                merged += items[right..<end]
            }
            items = merged
            width *= 2
            try charge(elements: items.count)
        }
        return items.map(\.element)
    }
}

extension JinjaValue {
    /// An integer, or a bool as Python counts it.
    var asInt: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    var asNumber: Double? {
        if case .float(let value) = self { return value }
        return asInt.map(Double.init)
    }
}
