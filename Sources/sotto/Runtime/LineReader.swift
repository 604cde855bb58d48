import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads lines from standard input.
struct LineReader {
    /// Lines that are read before they are used.
    static let limitAhead = 1000
    /// A line of more bytes is split.
    private static let limit = 16 << 20

    private(set) var isAtEnd = false
    private var bytes: [UInt8] = []

    /// The lines that are complete now. Blocks if there is nothing to read.
    mutating func read() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
        if count > 0 {
            bytes += buffer[..<count]
        } else if count == 0 || errno != EINTR && errno != EAGAIN {
            isAtEnd = true
        }
        var lines: [String] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Self.text(bytes[start..<end]))
            start = end + 1
        }
        bytes.removeFirst(start)
        if bytes.count > Self.limit || isAtEnd && !bytes.isEmpty {
            lines.append(Self.text(bytes[...]))
            bytes = []
        }
        return lines
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
    }
}
