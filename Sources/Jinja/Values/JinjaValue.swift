/// A value of the template language.
public enum JinjaValue: Sendable {
    /// A name or attribute that does not exist. It prints as nothing and is false; any other use is an error.
    indirect case undefined(Undefined)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(JinjaString)
    case sequence(JinjaSequence)
    case dict(JinjaDict)
    /// A builtin function, or a method bound to its receiver.
    indirect case function(JinjaFunction)
    /// An object with an identity that exists while a template renders: a namespace, a macro, a loop.
    case object(JinjaObject)

    /// Untrusted text: what users, documents and tools said.
    public static func string(_ text: String) -> JinjaValue { .string(JinjaString(text, trusted: false)) }

    /// The program's own text, in which control tokens may be recognised.
    public static func trusted(_ text: String) -> JinjaValue { .string(JinjaString(text, trusted: true)) }

    public static func list(_ elements: [JinjaValue]) -> JinjaValue { .sequence(JinjaSequence(elements)) }

    static func tuple(_ elements: [JinjaValue]) -> JinjaValue { .sequence(JinjaSequence(elements, kind: .tuple)) }

    static func iterator(_ elements: [JinjaValue]) -> JinjaValue {
        .sequence(JinjaSequence(elements, kind: .iterator))
    }

    /// The nesting depth of containers; 0 for plain values.
    var depth: Int {
        switch self {
        case .sequence(let sequence): sequence.depth
        case .dict(let dict): dict.depth
        case .function(let function): function.receiver?.depth ?? 0
        default: 0
        }
    }

    /// Python's name of the type, for error messages.
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

/// A reference to an object that the interpreter holds while a template renders. Values stay plain data this way: what
/// changes (the attributes of a namespace, the position of a loop) is in one place.
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

/// A builtin function of the language.
public struct JinjaFunction: Sendable {
    let name: String
    /// The receiver of a method; nil for a global function.
    let receiver: JinjaValue?
}

/// What does not exist, for the error message if it is used.
public enum Undefined: Sendable {
    case variable(String)
    case attribute(JinjaString, ofType: String)
    case element(of: String)
    /// An attribute that the sandbox forbids.
    case forbidden(JinjaString, ofType: String)
    case other(String)

    /// The error to throw when it is used.
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
    /// Untrusted text, like ``string(_:)``.
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
