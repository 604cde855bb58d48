/// Why a template could not be parsed or rendered, and on which line of the template.
public struct JinjaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    public enum Kind: String, Sendable {
        /// Invalid source: an unknown tag, an unclosed block, a misplaced bracket.
        case syntax
        /// An undefined value was used where a value is needed.
        case undefined
        /// A value of the wrong type, or an argument out of range.
        case type
        /// The template tried to modify its input or to access something private.
        case security
        /// The template called `raise_exception(message)`.
        case raised
        /// A limit of ``JinjaLimits`` was exceeded.
        case limit
    }

    public let kind: Kind
    /// What is wrong.
    public let message: String
    /// The line of the template, counted from 1; nil if the error has no single location.
    public internal(set) var line: Int?

    public init(_ kind: Kind, _ message: String, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.line = line
    }

    /// One line, whatever the message of the template contains.
    public var description: String {
        let oneLine = message.unicodeScalars.prefix(500).map { $0.isPrintable ? String($0) : " " }.joined()
        guard let line else { return "Chat template: \(oneLine)" }
        return "Chat template, line \(line): \(oneLine)"
    }

    /// The same error with a line, unless it already has one.
    func addingLine(_ line: Int) -> JinjaError {
        var error = self
        if error.line == nil { error.line = line }
        return error
    }
}
