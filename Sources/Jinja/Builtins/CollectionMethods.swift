/// The methods of lists, tuples, dictionaries, the `loop` variable and cyclers. None of them modifies a list or
/// dictionary.
extension Builtins {
    static let listMethods: [String: Builtin] = [
        "index": Builtin(["value"]) { (call) throws(JinjaError) in
            for (index, element) in try call.elements().enumerated()
            where try call.interpreter.areEqual(element, call.value(0)) {
                return .int(index)
            }
            throw call.error("the value is not in the list")
        },
        "count": Builtin(["value"]) { (call) throws(JinjaError) in
            var count = 0
            for element in try call.elements() where try call.interpreter.areEqual(element, call.value(0)) {
                count += 1
            }
            return .int(count)
        },
        "copy": Builtin { (call) throws(JinjaError) in call.subject },
    ]

    static let dictMethods: [String: Builtin] = [
        "get": Builtin(["key"], optional: ["default"]) { (call) throws(JinjaError) in
            guard case .dict(let dict) = call.subject else { return .none }
            return try dict[JinjaKey(call.value(0))] ?? call.value(1)
        },
        "items": Builtin { (call) throws(JinjaError) in
            try call.interpreter.sequence(call.entries.map { .tuple([$0.key, $0.value]) }, kind: .view)
        },
        "keys": Builtin { (call) throws(JinjaError) in
            try call.interpreter.sequence(call.entries.map(\.key), kind: .view)
        },
        "values": Builtin { (call) throws(JinjaError) in
            try call.interpreter.sequence(call.entries.map(\.value), kind: .view)
        },
        "copy": Builtin { (call) throws(JinjaError) in call.subject },
    ]

    static let loopMethods: [String: Builtin] = [
        "cycle": Builtin(isVariadic: true) { (call) throws(JinjaError) in
            let items = call.extra.positional
            guard !items.isEmpty else { throw call.error("expected at least one item") }
            return items[try call.loop().state.index % items.count]
        },
        "changed": Builtin(isVariadic: true) { (call) throws(JinjaError) in
            var (object, state) = try call.loop()
            let values = call.extra.positional
            if let last = state.lastChanged,
                try call.interpreter.areEqual(.list(last), .list(values))
            {
                return .bool(false)
            }
            state.lastChanged = values
            call.interpreter[object] = .loop(state)
            return .bool(true)
        },
    ]

    static let cyclerMethods: [String: Builtin] = [
        "next": Builtin { (call) throws(JinjaError) in
            guard case .object(let object) = call.subject,
                case .cycler(let items, let position) = call.interpreter[object]
            else { return .none }
            call.interpreter[object] = .cycler(items, position: (position + 1) % items.count)
            return items[position]
        },
        "reset": Builtin { (call) throws(JinjaError) in
            guard case .object(let object) = call.subject, case .cycler(let items, _) = call.interpreter[object] else {
                return .none
            }
            call.interpreter[object] = .cycler(items, position: 0)
            return .none
        },
    ]
}

extension Call {
    /// The entries of the subject, if it is a dictionary.
    var entries: [JinjaDict.Entry] {
        if case .dict(let dict) = subject { return dict.entries }
        return []
    }

    fileprivate func loop() throws(JinjaError) -> (object: JinjaObject, state: LoopState) {
        guard case .object(let object) = subject, case .loop(let state) = interpreter[object] else {
            throw error("the loop has ended")
        }
        return (object, state)
    }
}
