/// Renders a template once: walks the syntax tree, holds the state that changes, and counts the cost.
///
/// Statements are in `InterpreterStatements.swift`, expressions in `InterpreterExpressions.swift`.
final class Interpreter {
    let limits: JinjaLimits
    let clock: JinjaClock
    private let root: Scope
    /// What is being written: the prompt, or the text of a macro or set block.
    private var output = JinjaString()
    private var steps = 0
    private var depth = 0
    private var objects: [Int: ObjectState] = [:]
    private var objectCount = 0

    init(context: [String: JinjaValue], limits: JinjaLimits, clock: JinjaClock) throws(JinjaError) {
        self.limits = limits
        self.clock = clock
        root = Scope(variables: context)
        for value in context.values { _ = try checkedDepth(value) }
    }

    /// The text of a complete template.
    func render(_ body: [Statement]) throws(JinjaError) -> JinjaString {
        try capture { () throws(JinjaError) in _ = try execute(body, in: Scope(parent: root)) }
    }

    // MARK: - Output

    func write(_ text: JinjaString) throws(JinjaError) {
        guard output.count + text.count <= limits.outputLength else {
            throw JinjaError(.limit, "the rendered text is longer than \(limits.outputLength) characters")
        }
        output.append(text)
    }

    /// Captures what `body` writes instead of writing it.
    func capture(_ body: () throws(JinjaError) -> Void) throws(JinjaError) -> JinjaString {
        let outer = output
        output = JinjaString()
        defer { output = outer }
        try body()
        return output
    }

    // MARK: - Costs

    func charge(_ count: Int = 1) throws(JinjaError) {
        steps += count
        guard steps <= limits.steps else {
            throw JinjaError(.limit, "rendering took more than \(limits.steps) steps")
        }
    }

    /// Charges for reading or creating a string of `length` scalars.
    func charge(length: Int) throws(JinjaError) {
        guard length <= limits.stringLength else {
            throw JinjaError(.limit, "a string is longer than \(limits.stringLength) characters")
        }
        try charge(1 + length / 4)
    }

    /// Charges for appending `part` to `text`. Does not change `text`.
    func charge(adding part: JinjaString, to text: JinjaString) throws(JinjaError) {
        guard text.count + part.count <= limits.stringLength else { return try charge(length: text.count + part.count) }
        try charge(length: part.count)
    }

    /// Charges for reading or creating a list of `elements`.
    func charge(elements: Int) throws(JinjaError) {
        guard elements <= limits.sequenceLength else {
            throw JinjaError(.limit, "a list has more than \(limits.sequenceLength) elements")
        }
        try charge(1 + 4 * elements)
    }

    /// Charges for reading `value`, without what is nested in its elements.
    func charge(reading value: JinjaValue) throws(JinjaError) {
        switch value {
        case .string(let string): try charge(length: string.count)
        case .sequence(let sequence): try charge(elements: sequence.count)
        case .dict(let dict): try charge(elements: dict.count)
        default: try charge()
        }
    }

    /// Runs `body` one level deeper on the stack.
    func nested<Result>(_ body: () throws(JinjaError) -> Result) throws(JinjaError) -> Result {
        guard depth < limits.evaluationDepth else {
            throw JinjaError(.limit, "evaluation is nested deeper than \(limits.evaluationDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    /// A list or tuple, after checking that its length and depth are within the limits.
    func sequence(_ elements: [JinjaValue], kind: JinjaSequence.Kind = .list) throws(JinjaError) -> JinjaValue {
        try charge(elements: elements.count)
        return try checkedDepth(.sequence(JinjaSequence(elements, kind: kind)))
    }

    /// Checks the depth of a value: one nested without bound would overflow the stack when printed or freed.
    func checkedDepth(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        guard value.depth <= limits.valueDepth else {
            throw JinjaError(.limit, "lists and dictionaries are nested deeper than \(limits.valueDepth) levels")
        }
        return value
    }

    // MARK: - Objects

    func makeObject(_ kind: JinjaObject.Kind, _ state: ObjectState) throws(JinjaError) -> JinjaObject {
        try charge(100)
        objectCount += 1
        objects[objectCount] = state
        return JinjaObject(kind: kind, index: objectCount)
    }

    /// The state of an object; nil once it no longer exists, as after the end of a loop.
    subscript(object: JinjaObject) -> ObjectState? {
        get { objects[object.index] }
        set { objects[object.index] = newValue }
    }
}

/// Variables by name, with the enclosing scope. A loop body, a macro and a block each open a scope; assignments write
/// to the innermost one.
final class Scope {
    private var variables: [String: JinjaValue]
    private let parent: Scope?

    init(variables: [String: JinjaValue] = [:], parent: Scope? = nil) {
        self.variables = variables
        self.parent = parent
    }

    subscript(name: String) -> JinjaValue? {
        get {
            var scope: Scope? = self
            while let current = scope {
                if let value = current.variables[name] { return value }
                scope = current.parent
            }
            return nil
        }
        set { variables[name] = newValue }
    }
}

/// The current state of an object of the language.
enum ObjectState {
    case namespace(JinjaDict)
    case macro(Macro, Scope)
    case loop(LoopState)
    /// The separator, and whether it has been called before.
    case joiner(JinjaString, used: Bool)
    case cycler([JinjaValue], position: Int)
}

/// The state of a loop.
struct LoopState {
    let elements: [JinjaValue]
    var index = 0
    /// The number of enclosing iterations of the same recursive loop.
    let depth: Int
    /// What `loop(…)` runs again, if the loop is recursive.
    let recursion: (loop: Loop, scope: Scope)?
    var lastChanged: [JinjaValue]?
}
