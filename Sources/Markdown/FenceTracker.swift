/// Follows code fences line by line, at any depth of lists and quotes. It is an approximation for work on the text
/// before parsing; the parser has the final say.
struct FenceTracker {
    private(set) var isOpen = false
    private var mark: UInt8 = 0
    private var length = 0

    /// Reads the next line and returns whether it is code or a fence.
    mutating func read(_ line: ArraySlice<UInt8>) -> Bool {
        let body = line.drop(while: Self.isPrefix)
        guard let first = body.first, first == UInt8(ascii: "`") || first == UInt8(ascii: "~") else { return isOpen }
        let run = body.prefix { $0 == first }.count
        if isOpen {
            if first == mark, run >= length, body.dropFirst(run).allSatisfy({ $0 <= 0x20 }) { isOpen = false }
            return true
        }
        if run < 3 || first == UInt8(ascii: "`") && body.dropFirst(run).contains(first) { return false }
        (isOpen, mark, length) = (true, first, run)
        return true
    }

    /// Whether the byte can precede a block inside lists and quotes: blanks and markers.
    static func isPrefix(_ byte: UInt8) -> Bool { byte < 0x80 && prefixes[Int(byte)] }
    private static let prefixes = (0..<0x80).map { byte in " \t>-+*.)0123456789".utf8.contains(byte) }
}
