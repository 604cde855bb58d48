/// Renders one template once: walks the syntax tree, keeps what changes meanwhile, and counts what it costs.
///
/// Statements are in `InterpreterStatements.swift`, expressions in `InterpreterExpressions.swift`.
final class Interpreter {
    let limits: JinjaLimits
    let clock: JinjaClock
    private let root: Scope
    /// What is being written: the prompt, or inside a macro or a set block its text.
    private var output = JinjaString()
    private var steps = 0
    private var depth = 0
    private var objects: [Int: ObjectState] = [:]
    private var objectsMade = 0

    init(context: [String: JinjaValue], limits: JinjaLimits, clock: JinjaClock) throws(JinjaError) {
        self.limits = limits
        self.clock = clock
        root = Scope(variables: context)
        for value in context.values { _ = try checkedDepth(value) }
    }

    /// The text of a whole template.
    func render(_ body: [Statement]) throws(JinjaError) -> JinjaString {
        try capture { () throws(JinjaError) in _ = try execute(body, in: Scope(parent: root)) }
    }

    // MARK: - Output

    func write(_ text: JinjaString) throws(JinjaError) {
        guard output.count + text.count <= limits.outputLength else {
            throw JinjaError(.limit, "the text is longer than \(limits.outputLength) characters")
        }
        output.append(text)
    }

    /// What `body` writes, instead of writing it.
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
            throw JinjaError(.limit, "rendering takes more than \(limits.steps) steps")
        }
    }

    /// Pays for reading or making a string of `length` scalars.
    func charge(length: Int) throws(JinjaError) {
        guard length <= limits.stringLength else {
            throw JinjaError(.limit, "a string is longer than \(limits.stringLength) characters")
        }
        try charge(1 + length / 4)
    }

    /// Pays for adding `part` to `text`, which is not changed here.
    func charge(adding part: JinjaString, to text: JinjaString) throws(JinjaError) {
        guard text.count + part.count <= limits.stringLength else { return try charge(length: text.count + part.count) }
        try charge(length: part.count)
    }

    /// Pays for reading or making a list of `elements`.
    func charge(elements: Int) throws(JinjaError) {
        guard elements <= limits.sequenceLength else {
            throw JinjaError(.limit, "a list has more than \(limits.sequenceLength) elements")
        }
        try charge(1 + 4 * elements)
    }

    /// Pays for looking at `value`, not counting what lies inside of its elements.
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
            throw JinjaError(.limit, "evaluation goes deeper than \(limits.evaluationDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    /// A list or tuple, once its length and depth are known to be in bounds.
    func sequence(_ elements: [JinjaValue], kind: JinjaSequence.Kind = .list) throws(JinjaError) -> JinjaValue {
        try charge(elements: elements.count)
        return try checkedDepth(.sequence(JinjaSequence(elements, kind: kind)))
    }

    /// Values built within each other without end would overflow the stack when they are printed or freed.
    func checkedDepth(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        guard value.depth <= limits.valueDepth else {
            throw JinjaError(.limit, "lists and dictionaries lie within each other deeper than \(limits.valueDepth)")
        }
        return value
    }

    // MARK: - Objects

    func makeObject(_ kind: JinjaObject.Kind, _ state: ObjectState) throws(JinjaError) -> JinjaObject {
        try charge(100)
        objectsMade += 1
        objects[objectsMade] = state
        return JinjaObject(kind: kind, index: objectsMade)
    }

    /// The state of an object; nil once it is gone, as a loop is after its end.
    subscript(object: JinjaObject) -> ObjectState? {
        get { objects[object.index] }
        set { objects[object.index] = newValue }
    }
}

/// Variables by name, and the scope around them. A loop's body, a macro and a block of their own each open one; an
/// assignment writes to the innermost.
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

/// What an object of the language is at the moment.
enum ObjectState {
    case namespace(JinjaDict)
    case macro(Macro, Scope)
    case loop(LoopState)
    /// The separator, and whether the first call has passed.
    case joiner(JinjaString, used: Bool)
    case cycler([JinjaValue], position: Int)
}

/// Where a loop stands.
struct LoopState {
    let elements: [JinjaValue]
    var index = 0
    /// How many loops of a recursive one are around this one.
    let depth: Int
    /// What `loop(…)` runs again, when the loop is recursive.
    let recursion: (loop: Loop, scope: Scope)?
    var lastChanged: [JinjaValue]?
}
