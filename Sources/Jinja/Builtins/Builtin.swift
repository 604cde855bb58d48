/// A filter, test, method or global function: one row of a table.
struct Builtin: Sendable {
    typealias Body = @Sendable (Call) throws(JinjaError) -> JinjaValue

    /// Names of the parameters, those that must be given first.
    fileprivate let parameters: [String]
    fileprivate let requiredCount: Int
    /// Whether more arguments than the parameters may be given.
    fileprivate let takesMore: Bool
    let body: Body

    init(_ required: [String] = [], optional: [String] = [], takesMore: Bool = false, body: @escaping Body) {
        parameters = required + optional
        requiredCount = required.count
        self.takesMore = takesMore
        self.body = body
    }
}

/// The tables of the language. Each file of this folder holds some of them.
enum Builtins {
    /// Filters by name. They work on the value before the `|`.
    static let filters: [String: Builtin] =
        stringFilters
        .merging(sequenceFilters) { first, _ in first }
        .merging(selectionFilters) { first, _ in first }
        .merging(valueFilters) { first, _ in first }

    /// The method `name` of a value of this type.
    static func method(_ name: String, of value: JinjaValue) -> Builtin? {
        switch value {
        case .string: stringMethods[name]
        case .sequence(let sequence) where sequence.isIndexable: listMethods[name]
        case .dict: dictMethods[name]
        case .object(let object):
            switch object.kind {
            case .loop: loopMethods[name]
            case .cycler: cyclerMethods[name]
            default: nil
            }
        default: nil
        }
    }

    /// Methods that would change their receiver: the sandbox does not give them out.
    static func isForbidden(_ method: String, of value: JinjaValue) -> Bool {
        switch value {
        case .sequence(let sequence): sequence.kind == .list && changingListMethods.contains(method)
        case .dict: changingDictMethods.contains(method)
        default: false
        }
    }

    private static let changingListMethods: Set<String> = [
        "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove",
    ]
    private static let changingDictMethods: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]
}

/// One call of a ``Builtin``: what it works on, and its arguments in the order of its parameters.
struct Call {
    let name: String
    /// The value before the `|` or the `.`, or that is tested.
    let subject: JinjaValue
    let interpreter: Interpreter
    private let parameters: [String]
    private let values: [JinjaValue?]
    /// Arguments beyond the parameters.
    let more: Arguments

    init(
        _ builtin: Builtin, name: String, subject: JinjaValue, arguments: Arguments, interpreter: Interpreter
    ) throws(JinjaError) {
        self.name = name
        self.subject = subject
        self.interpreter = interpreter
        parameters = builtin.parameters
        var rest = arguments
        var values: [JinjaValue?] = []
        for (index, parameter) in builtin.parameters.enumerated() {
            let value = index < arguments.positional.count ? arguments.positional[index] : rest.takeKeyword(parameter)
            guard value != nil || index >= builtin.requiredCount else {
                throw JinjaError(.type, "'\(name)' needs the argument '\(parameter)'")
            }
            values.append(value)
        }
        rest.positional = Array(rest.positional.dropFirst(builtin.parameters.count))
        if !builtin.takesMore {
            if let keyword = rest.keywords.first {
                throw JinjaError(.type, "'\(name)' takes no argument '\(keyword.name)'")
            }
            guard rest.positional.isEmpty else {
                throw JinjaError(.type, "'\(name)' takes not more than \(builtin.parameters.count) arguments")
            }
        }
        self.values = values
        more = rest
    }

    // MARK: - Arguments by position

    /// The argument, or nil when it was not given.
    subscript(index: Int) -> JinjaValue? { values[index] }

    /// The argument; `none` when it was not given.
    func value(_ index: Int) -> JinjaValue { values[index] ?? .none }

    func string(_ index: Int) throws(JinjaError) -> JinjaString {
        guard case .string(let value) = value(index) else { throw wrongType(index, "a string") }
        return value
    }

    /// The string, or nil when it was not given or is `none`.
    func optionalString(_ index: Int) throws(JinjaError) -> JinjaString? {
        switch value(index) {
        case .none: nil
        default: try string(index)
        }
    }

    func int(_ index: Int) throws(JinjaError) -> Int {
        guard let value = value(index).asInt else { throw wrongType(index, "an integer") }
        return value
    }

    func int(_ index: Int, default fallback: Int) throws(JinjaError) -> Int {
        values[index] == nil ? fallback : try int(index)
    }

    func optionalInt(_ index: Int) throws(JinjaError) -> Int? {
        switch value(index) {
        case .none: nil
        default: try int(index)
        }
    }

    func isTrue(_ index: Int, default fallback: Bool = false) -> Bool {
        values[index].map(interpreter.isTrue) ?? fallback
    }

    private func wrongType(_ index: Int, _ wanted: String) -> JinjaError {
        if case .undefined(let undefined) = value(index) { return undefined.error }
        return JinjaError(
            .type, "argument '\(parameters[index])' of '\(name)' must be \(wanted), found \(value(index).typeName)")
    }

    // MARK: - The subject

    /// The subject of a method of strings.
    var string: JinjaString {
        if case .string(let value) = subject { return value }
        return JinjaString()
    }

    /// The subject as `str()` gives it: filters on strings take any value.
    func text() throws(JinjaError) -> JinjaString { try interpreter.text(of: subject) }

    func elements() throws(JinjaError) -> [JinjaValue] { try interpreter.elements(of: subject) }

    // MARK: - Results

    /// A string as the result, paid for.
    func result(_ string: JinjaString) throws(JinjaError) -> JinjaValue {
        try interpreter.charge(length: string.count)
        return .string(string)
    }

    func list(_ elements: [JinjaValue]) throws(JinjaError) -> JinjaValue { try interpreter.sequence(elements) }

    /// Where `part` occurs in `text`; no more places than a list may have elements.
    func ranges(of part: JinjaString, in text: JinjaString, limit: Int = .max) throws(JinjaError) -> [Range<Int>] {
        let most = interpreter.limits.sequenceLength
        let ranges = text.ranges(of: part, limit: min(limit, most + 1))
        try interpreter.charge(elements: ranges.count)
        return ranges
    }

    func list(_ strings: [JinjaString]) throws(JinjaError) -> JinjaValue {
        try interpreter.sequence(strings.map(JinjaValue.string))
    }

    func iterator(_ elements: [JinjaValue]) throws(JinjaError) -> JinjaValue {
        try interpreter.sequence(elements, kind: .iterator)
    }

    func error(_ message: String) -> JinjaError { JinjaError(.type, "'\(name)': \(message)") }
}
