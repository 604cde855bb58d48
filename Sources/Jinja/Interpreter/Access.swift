/// Access to parts of values: attributes, items, slices, and the elements of a loop.
extension Interpreter {
    /// `value.name`: a method or member first, then an item with that key, like Jinja2.
    func attribute(_ name: JinjaString, of value: JinjaValue) throws(JinjaError) -> JinjaValue {
        if let member = try member(name, of: value) { return member }
        if case .dict(let dict) = value, let item = dict[.string(name.scalars)] { return item }
        return .undefined(.attribute(name, ofType: value.typeName))
    }

    /// `value[key]`: an item first, then a method or member of that name.
    func item(_ key: JinjaValue, of value: JinjaValue) throws(JinjaError) -> JinjaValue {
        try charge(reading: key)
        if let item = element(key, of: value) { return item }
        if case .string(let name) = key {
            return try member(name, of: value) ?? .undefined(.attribute(name, ofType: value.typeName))
        }
        if case .undefined(let undefined) = value { throw undefined.error }
        return .undefined(.element(of: value.typeName))
    }

    private func element(_ key: JinjaValue, of value: JinjaValue) -> JinjaValue? {
        switch value {
        case .dict(let dict):
            return (try? JinjaKey(key)).flatMap { dict[$0] }
        case .sequence(let sequence) where sequence.isIndexable:
            return key.asInt.flatMap { Self.position($0, in: sequence.count) }.map { sequence.elements[$0] }
        case .string(let text):
            return key.asInt.flatMap { Self.position($0, in: text.count) }.map { .string(text.slice($0..<$0 + 1)) }
        default:
            return nil
        }
    }

    /// Resolves a negative index from the end; nil if out of range.
    private static func position(_ index: Int, in count: Int) -> Int? {
        let position = index < 0 ? count + index : index
        return (0..<count).contains(position) ? position : nil
    }

    /// What Python would find as an attribute of the object itself.
    private func member(_ name: JinjaString, of value: JinjaValue) throws(JinjaError) -> JinjaValue? {
        if case .undefined(let undefined) = value { throw undefined.error }
        if name.scalars.starts(with: "__".unicodeScalars) {
            return .undefined(.forbidden(name, ofType: value.typeName))
        }
        if case .object(let object) = value { return objectMember(name, of: object) }
        let method = name.text
        if Builtins.isForbidden(method, of: value) { return .undefined(.forbidden(name, ofType: value.typeName)) }
        guard Builtins.method(method, of: value) != nil else { return nil }
        return .function(JinjaFunction(name: method, receiver: value))
    }

    private func objectMember(_ name: JinjaString, of object: JinjaObject) -> JinjaValue? {
        let method = JinjaValue.function(JinjaFunction(name: name.text, receiver: .object(object)))
        switch self[object] {
        case .namespace(let attributes): return attributes[.string(name.scalars)]
        case .loop(let state):
            if let member = LoopState.members[name.text] { return member(state) }
            return Builtins.loopMethods[name.text] == nil ? nil : method
        case .macro(let macro, _): return name == "name" ? .trusted(macro.name) : nil
        case .cycler(let items, let position):
            if name == "current" { return items[position] }
            return Builtins.cyclerMethods[name.text] == nil ? nil : method
        case .joiner, nil: return nil
        }
    }

    // MARK: - Slices

    /// `value[lower:upper:step]`.
    func slice(_ value: JinjaValue, from lower: Int?, to upper: Int?, step: Int?) throws(JinjaError) -> JinjaValue {
        try charge(reading: value)
        switch value {
        case .undefined(let undefined):
            throw undefined.error
        case .string(let text):
            let positions = try Self.positions(count: text.count, from: lower, to: upper, step: step)
            if let range = positions.range { return .string(text.slice(range)) }
            var result = JinjaString()
            for index in positions.stride { result.append(text.scalars[index], trusted: text.isTrusted(at: index)) }
            return .string(result)
        case .sequence(let list) where list.isIndexable:
            let positions = try Self.positions(count: list.count, from: lower, to: upper, step: step)
            return try sequence(positions.stride.map { list.elements[$0] }, kind: list.kind)
        default:
            throw JinjaError(.type, "a \(value.typeName) cannot be sliced")
        }
    }

    /// The positions that a slice selects, also as a range if they are consecutive.
    private static func positions(
        count: Int, from lower: Int?, to upper: Int?, step: Int?
    ) throws(JinjaError) -> (stride: StrideTo<Int>, range: Range<Int>?) {
        let step = step ?? 1
        guard step != 0 else { throw JinjaError(.type, "a slice cannot have a step of 0") }
        // Bounds are clamped to where a walk in that direction can start and stop.
        let (first, last) = step > 0 ? (0, count) : (-1, count - 1)
        func clipped(_ bound: Int) -> Int { min(max(bound < 0 ? bound + count : bound, first), last) }
        let start = lower.map(clipped) ?? (step > 0 ? first : last)
        let end = upper.map(clipped) ?? (step > 0 ? last : first)
        // A step longer than the sequence selects one position; clamping it keeps the stride from overflowing.
        let walk = stride(from: start, to: end, by: min(max(step, -count - 1), count + 1))
        return (walk, step == 1 ? start..<max(start, end) : nil)
    }

    // MARK: - Elements

    /// What a loop over `value` iterates: elements, keys or characters.
    func elements(of value: JinjaValue) throws(JinjaError) -> [JinjaValue] {
        switch value {
        case .sequence(let sequence): return sequence.elements
        case .dict(let dict): return dict.entries.map(\.key)
        case .string(let text):
            try charge(elements: text.count)
            return text.characters.map(JinjaValue.string)
        case .undefined: return []
        default: throw JinjaError(.type, "a \(value.typeName) is not iterable")
        }
    }
}

extension JinjaString {
    /// Each scalar as a string of its own.
    var characters: [JinjaString] {
        origins.flatMap { piece in
            scalars[piece.range].map { JinjaString(scalars: [$0], trusted: piece.trusted) }
        }
    }
}

extension LoopState {
    /// The members of `loop`.
    static let members: [String: @Sendable (LoopState) -> JinjaValue] = [
        "index": { .int($0.index + 1) },
        "index0": { .int($0.index) },
        "revindex": { .int($0.elements.count - $0.index) },
        "revindex0": { .int($0.elements.count - $0.index - 1) },
        "first": { .bool($0.index == 0) },
        "last": { .bool($0.index == $0.elements.count - 1) },
        "length": { .int($0.elements.count) },
        "depth": { .int($0.depth + 1) },
        "depth0": { .int($0.depth) },
        "previtem": { state in
            state.index > 0 ? state.elements[state.index - 1] : .undefined(.other("there is no previous item"))
        },
        "nextitem": { state in
            state.index + 1 < state.elements.count
                ? state.elements[state.index + 1] : .undefined(.other("there is no next item"))
        },
    ]
}
