import Foundation
import UTF8Text

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads lines of UTF-8 from standard input.
struct LineReader {
    /// Lines that are read before they are used.
    static let limitAhead = 1000
    /// A line of more bytes is split.
    private static let limit = 16 << 20
    /// Linux cuts a line that is typed in a terminal here, without a word; macOS takes no more keys.
    private static let terminalLimit = 4095

    /// Whether the lines are typed.
    let isTerminal: Bool
    private(set) var isAtEnd = false
    private var bytes: [UInt8] = []
    /// The number of lines so far.
    private var count = 0

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    /// Why a line is not used.
    enum Refusal: Error, Equatable, CustomStringConvertible {
        case notText(line: Int)
        case cutByTerminal

        var description: String {
            switch self {
            case .notText(let line): "Line \(line) is not UTF-8 text and was not used. iconv converts it"
            case .cutByTerminal:
                "The terminal cut this line at \(terminalLimit) bytes, so it was not sent. End its parts with \\, "
                    + "or use /editor or /file"
            }
        }
    }

    /// The lines that are complete now. Blocks if there is nothing to read.
    mutating func read() -> [Result<String, Refusal>] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
        if count > 0 { return lines(adding: buffer[..<count]) }
        guard count == 0 || errno != EINTR && errno != EAGAIN else { return [] }
        isAtEnd = true
        return lines(adding: [])
    }

    /// The lines that are complete with these bytes; at the end also the last one.
    mutating func lines(adding new: ArraySlice<UInt8>) -> [Result<String, Refusal>] {
        bytes += new
        var lines: [Result<String, Refusal>] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(line(bytes[start..<end]))
            start = end + 1
        }
        bytes.removeFirst(start)
        if bytes.count > Self.limit || isAtEnd && !bytes.isEmpty {
            lines.append(line(bytes[...]))
            bytes = []
        }
        return lines
    }

    private mutating func line(_ bytes: ArraySlice<UInt8>) -> Result<String, Refusal> {
        count += 1
        if isTerminal, bytes.count >= Self.terminalLimit { return .failure(.cutByTerminal) }
        var content = bytes.last == 0x0D ? bytes.dropLast() : bytes
        if count == 1 { content = content.withoutByteOrderMark }
        guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else {
            return .failure(.notText(line: count))
        }
        return .success(text)
    }
}
