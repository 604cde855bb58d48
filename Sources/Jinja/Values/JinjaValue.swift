/// A value of the template language.
public enum JinjaValue: Sendable {
    /// A name or attribute that is not there. It prints as nothing and is false; using it any further is an error.
    indirect case undefined(Undefined)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(JinjaString)
    case sequence(JinjaSequence)
    case dict(JinjaDict)
    /// A built-in function, or a method together with its receiver.
    indirect case function(JinjaFunction)
    /// Something with an identity that lives while a template renders: a namespace, a macro, a loop.
    case object(JinjaObject)

    /// Untrusted text: what people, documents and tools said.
    public static func string(_ text: String) -> JinjaValue { .string(JinjaString(text, trusted: false)) }

    /// The program's own text, in which control tokens may be recognised.
    public static func trusted(_ text: String) -> JinjaValue { .string(JinjaString(text, trusted: true)) }

    public static func list(_ elements: [JinjaValue]) -> JinjaValue { .sequence(JinjaSequence(elements)) }

    static func tuple(_ elements: [JinjaValue]) -> JinjaValue { .sequence(JinjaSequence(elements, kind: .tuple)) }

    static func iterator(_ elements: [JinjaValue]) -> JinjaValue {
        .sequence(JinjaSequence(elements, kind: .iterator))
    }

    /// How deep containers lie within each other; 0 for plain values.
    var depth: Int {
        switch self {
        case .sequence(let sequence): sequence.depth
        case .dict(let dict): dict.depth
        case .function(let function): function.receiver?.depth ?? 0
        default: 0
        }
    }

    /// Python's name for the type, for error messages.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .sequence(let sequence):
            switch sequence.kind {
            case .list: "list"
            case .tuple: "tuple"
            case .view: "dict view"
            case .iterator: "generator"
            }
        case .dict: "dict"
        case .function: "function"
        case .object(let object): object.kind.rawValue
        }
    }
}

/// A name for something that lives in the interpreter while one template renders. Values stay plain data this way:
/// what changes (a namespace's attributes, a loop's position) is kept in one place.
public struct JinjaObject: Hashable, Sendable {
    enum Kind: String {
        case namespace = "Namespace"
        case macro = "Macro"
        case loop = "LoopContext"
        case joiner = "Joiner"
        case cycler = "Cycler"
    }

    let kind: Kind
    let index: Int
}

/// A function of the language itself.
public struct JinjaFunction: Sendable {
    let name: String
    /// The value whose method this is; nil for a global function.
    let receiver: JinjaValue?
}

/// What is known about something that is not there, for the error message should it be used.
public enum Undefined: Sendable {
    case variable(String)
    case attribute(JinjaString, ofType: String)
    case element(of: String)
    /// An attribute that the sandbox does not give out.
    case forbidden(JinjaString, ofType: String)
    case other(String)

    /// The error of using it.
    var error: JinjaError {
        switch self {
        case .variable(let name): JinjaError(.undefined, "'\(name)' is undefined")
        case .attribute(let name, let type): JinjaError(.undefined, "'\(type) object' has no attribute '\(name.text)'")
        case .element(let type): JinjaError(.undefined, "'\(type) object' has no such element")
        case .forbidden(let name, let type):
            JinjaError(.security, "access to attribute '\(name.text)' of a \(type) is not allowed")
        case .other(let message): JinjaError(.undefined, message)
        }
    }
}

// MARK: - Literals

extension JinjaValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Untrusted text, as ``string(_:)``.
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .float(value) }
    public init(nilLiteral: ()) { self = .none }
    public init(arrayLiteral elements: JinjaValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, JinjaValue)...) {
        var dict = JinjaDict()
        for (key, value) in elements { dict[key] = value }
        self = .dict(dict)
    }
}
