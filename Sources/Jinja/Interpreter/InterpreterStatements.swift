/// How a statement ended: continue with the next one, or leave the loop body.
enum Flow { case next, breakLoop, continueLoop }

extension Interpreter {
    func execute(_ statements: [Statement], in scope: Scope) throws(JinjaError) -> Flow {
        try nested { () throws(JinjaError) in
            for statement in statements {
                try charge()
                let flow: Flow
                do throws(JinjaError) {
                    flow = try executeStatement(statement.kind, in: scope)
                } catch {
                    throw error.addingLine(statement.line)
                }
                if flow != .next { return flow }
            }
            return .next
        }
    }

    private func executeStatement(_ statement: Statement.Kind, in scope: Scope) throws(JinjaError) -> Flow {
        switch statement {
        case .text(let text):
            try write(text)
        case .output(let expression):
            try write(text(of: evaluate(expression, in: scope)))
        case .condition(let branches, let otherwise):
            for branch in branches where try isTrue(evaluate(branch.condition, in: scope)) {
                return try execute(branch.body, in: scope)
            }
            return try execute(otherwise, in: scope)
        case .loop(let loop):
            return try executeLoop(loop, over: elements(of: evaluate(loop.sequence, in: scope)), in: scope, depth: 0)
        case .set(let target, let expression):
            try assign(evaluate(expression, in: scope), to: target, in: scope)
        case .setBlock(let target, let filters, let body):
            return try captureBlock(body, filters: filters, in: scope) { (text) throws(JinjaError) in
                try assign(text, to: target, in: scope)
            }
        case .filterBlock(let filters, let body):
            return try captureBlock(body, filters: filters, in: scope) { (value) throws(JinjaError) in
                try write(text(of: value))
            }
        case .macro(let macro):
            scope[macro.name] = .object(try makeObject(.macro, .macro(macro, scope)))
        case .call(let callee, let caller):
            try executeCall(callee, caller: caller, in: scope)
        case .with(let assignments, let body):
            let inner = Scope(parent: scope)
            for (target, value) in assignments { try assign(evaluate(value, in: scope), to: target, in: inner) }
            return try execute(body, in: inner)
        case .generation(let body):
            return try execute(body, in: Scope(parent: scope))
        case .breakLoop:
            return .breakLoop
        case .continueLoop:
            return .continueLoop
        }
        return .next
    }

    /// Runs a body in its own scope, applies the filters to what it wrote, and passes the result to `use`.
    private func captureBlock(
        _ body: [Statement], filters: [Postfix], in scope: Scope, use: (JinjaValue) throws(JinjaError) -> Void
    ) throws(JinjaError) -> Flow {
        var flow = Flow.next
        let text = try capture { () throws(JinjaError) in flow = try execute(body, in: Scope(parent: scope)) }
        guard flow == .next else { return flow }
        var value = JinjaValue.string(text)
        for filter in filters { value = try apply(filter, to: value, in: scope) }
        try use(value)
        return .next
    }

    private func executeCall(_ callee: Expression, caller: Macro, in scope: Scope) throws(JinjaError) {
        guard case .postfix(let base, let steps) = callee, case .call(let syntax) = steps.last else { return }
        let function = try evaluate(.postfix(base, steps.dropLast()), in: scope)
        var arguments = try evaluateArguments(syntax, in: scope)
        arguments.keywords.append(("caller", .object(try makeObject(.macro, .macro(caller, scope)))))
        try write(text(of: call(function, arguments)))
    }

    // MARK: - Loops

    func executeLoop(
        _ loop: Loop, over elements: [JinjaValue], in scope: Scope, depth: Int
    ) throws(JinjaError) -> Flow {
        let elements = try selected(elements, by: loop, in: scope)
        try charge(elements: elements.count)
        guard !elements.isEmpty else { return try execute(loop.otherwise, in: Scope(parent: scope)) }
        let recursion = loop.isRecursive ? (loop, scope) : nil
        let object = try makeObject(.loop, .loop(LoopState(elements: elements, depth: depth, recursion: recursion)))
        defer { self[object] = nil }
        for (index, element) in elements.enumerated() {
            if index > 0, case .loop(var state) = self[object] {
                state.index = index
                self[object] = .loop(state)
            }
            let inner = Scope(parent: scope)
            inner["loop"] = .object(object)
            try assign(element, to: loop.target, in: inner)
            if try execute(loop.body, in: inner) == .breakLoop { break }
        }
        return .next
    }

    /// The elements that pass the loop's own `if`.
    private func selected(
        _ elements: [JinjaValue], by loop: Loop, in scope: Scope
    ) throws(JinjaError) -> [JinjaValue] {
        guard let condition = loop.condition else { return elements }
        var selected: [JinjaValue] = []
        for element in elements {
            let inner = Scope(parent: scope)
            try assign(element, to: loop.target, in: inner)
            if try isTrue(evaluate(condition, in: inner)) { selected.append(element) }
        }
        return selected
    }

    // MARK: - Assignment

    private func assign(_ value: JinjaValue, to target: Target, in scope: Scope) throws(JinjaError) {
        switch target {
        case .name(let name):
            scope[name] = value
        case .attribute(let name, let attribute):
            guard case .object(let object) = scope[name], case .namespace(var attributes) = self[object] else {
                throw JinjaError(.type, "'\(name)' is not a namespace, so its attributes cannot be set")
            }
            // Release the dictionary's storage, so that it can be modified in place.
            self[object] = .namespace(JinjaDict())
            defer { self[object] = .namespace(attributes) }
            try attributes.set(value, for: .string(attribute))
        case .tuple(let targets):
            let values = try elements(of: value)
            guard values.count == targets.count else {
                throw JinjaError(.type, "expected \(targets.count) values to unpack, found \(values.count)")
            }
            for (target, value) in zip(targets, values) { try assign(value, to: target, in: scope) }
        }
    }
}
