/// A syntax error in JSON text: where it is, and what was expected there.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Line and column count from 1; columns count bytes.
    public let line: Int
    public let column: Int
    public let expected: String

    init(at offset: Int, in bytes: [UInt8], expected: String) {
        let before = bytes[..<offset]
        let newline = UInt8(ascii: "\n")
        line = before.count { $0 == newline } + 1
        column = offset - (before.lastIndex(of: newline).map { $0 + 1 } ?? 0) + 1
        self.expected = expected
    }

    public var description: String { "JSON error at line \(line), column \(column): expected \(expected)" }
}
