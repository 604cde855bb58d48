/// A filter, test, method or global function: one row of a table.
struct Builtin: Sendable {
    typealias Body = @Sendable (Call) throws(JinjaError) -> JinjaValue

    /// Names of the parameters, required ones first.
    fileprivate let parameters: [String]
    fileprivate let requiredCount: Int
    /// Whether it accepts more arguments than it has parameters.
    fileprivate let isVariadic: Bool
    let body: Body

    init(_ required: [String] = [], optional: [String] = [], isVariadic: Bool = false, body: @escaping Body) {
        parameters = required + optional
        requiredCount = required.count
        self.isVariadic = isVariadic
        self.body = body
    }
}

/// The builtin functions of the language. Each file in this folder holds some of them.
enum Builtins {
    /// Filters by name, applied to the value before the `|`.
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

    /// Whether a method would modify its receiver. The sandbox forbids those.
    static func isForbidden(_ method: String, of value: JinjaValue) -> Bool {
        switch value {
        case .sequence(let sequence): sequence.kind == .list && mutatingListMethods.contains(method)
        case .dict: mutatingDictMethods.contains(method)
        default: false
        }
    }

    private static let mutatingListMethods: Set<String> = [
        "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove",
    ]
    private static let mutatingDictMethods: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]
}

/// One call of a ``Builtin``: its subject, and its arguments in the order of the parameters.
struct Call {
    let name: String
    /// The value before the `|` or `.`, or the value being tested.
    let subject: JinjaValue
    let interpreter: Interpreter
    private let parameters: [String]
    private let values: [JinjaValue?]
    /// Arguments beyond the parameters.
    let extra: Arguments

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
        if !builtin.isVariadic {
            if let keyword = rest.keywords.first {
                throw JinjaError(.type, "'\(name)' takes no argument '\(keyword.name)'")
            }
            guard rest.positional.isEmpty else {
                throw JinjaError(.type, "'\(name)' takes at maxCount \(builtin.parameters.count) arguments")
            }
        }
        self.values = values
        extra = rest
    }

    // MARK: - Arguments by position

    /// The argument, or nil if it was not given.
    subscript(index: Int) -> JinjaValue? { values[index] }

    /// The argument, or `none` if it was not given.
    func value(_ index: Int) -> JinjaValue { values[index] ?? .none }

    func string(_ index: Int) throws(JinjaError) -> JinjaString {
        guard case .string(let value) = value(index) else { throw wrongType(index, "a string") }
        return value
    }

    /// The string, or nil if it was not given or is `none`.
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

    private func wrongType(_ index: Int, _ expected: String) -> JinjaError {
        if case .undefined(let undefined) = value(index) { return undefined.error }
        return JinjaError(
            .type, "argument '\(parameters[index])' of '\(name)' must be \(expected), found \(value(index).typeName)")
    }

    // MARK: - The subject

    /// The subject of a string method.
    var string: JinjaString {
        if case .string(let value) = subject { return value }
        return JinjaString()
    }

    /// The subject as `str()` converts it: string filters accept any value.
    func text() throws(JinjaError) -> JinjaString { try interpreter.text(of: subject) }

    func elements() throws(JinjaError) -> [JinjaValue] { try interpreter.elements(of: subject) }

    // MARK: - Results

    /// Charges for a string and returns it as the result.
    func result(_ string: JinjaString) throws(JinjaError) -> JinjaValue {
        try interpreter.charge(length: string.count)
        return .string(string)
    }

    func list(_ elements: [JinjaValue]) throws(JinjaError) -> JinjaValue { try interpreter.sequence(elements) }

    /// The ranges where `part` occurs in `text`. Their number is limited like the length of a list.
    func ranges(of part: JinjaString, in text: JinjaString, limit: Int = .max) throws(JinjaError) -> [Range<Int>] {
        let maxCount = interpreter.limits.sequenceLength
        let ranges = text.ranges(of: part, limit: min(limit, maxCount + 1))
        try interpreter.charge(elements: ranges.count)
        return ranges
    }

    func stringList(_ strings: [JinjaString]) throws(JinjaError) -> JinjaValue {
        try interpreter.sequence(strings.map(JinjaValue.string))
    }

    func iterator(_ elements: [JinjaValue]) throws(JinjaError) -> JinjaValue {
        try interpreter.sequence(elements, kind: .iterator)
    }

    func error(_ message: String) -> JinjaError { JinjaError(.type, "'\(name)': \(message)") }
}
