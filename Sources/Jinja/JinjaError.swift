/// Why a template could not be read or rendered: what is wrong, and on which line of the template.
public struct JinjaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of trouble a template can run into.
    public enum Kind: String, Sendable {
        /// The source is not a template: an unknown tag, an unclosed block, a misplaced bracket.
        case syntax
        /// Something undefined was used where a value is needed.
        case undefined
        /// A value of the wrong type, or an argument out of range.
        case type
        /// The template tried to change its input or to reach something private.
        case security
        /// The template itself called `raise_exception(message)`.
        case raised
        /// A limit of ``JinjaLimits`` was reached.
        case limit
    }

    public let kind: Kind
    /// One line that says what is wrong.
    public let message: String
    /// Line of the template, counted from 1; nil when the trouble is not in one place.
    public internal(set) var line: Int?

    public init(_ kind: Kind, _ message: String, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.line = line
    }

    /// One line, whatever the template put into its message.
    public var description: String {
        let oneLine = message.unicodeScalars.prefix(500).map { $0.isPrintable ? String($0) : " " }.joined()
        guard let line else { return "Chat template: \(oneLine)" }
        return "Chat template, line \(line): \(oneLine)"
    }

    /// The same error, placed at `line` unless it already has a place.
    func placed(at line: Int) -> JinjaError {
        var error = self
        if error.line == nil { error.line = line }
        return error
    }
}
