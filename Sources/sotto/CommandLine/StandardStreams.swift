import Foundation
import TUI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where results go. Unlike `print`, a full disk or a closed descriptor is an error and not silence.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            throw CommandLineError("cannot write to standard output: is the disk full, or the pipe closed?")
        }
    }

    /// Writes a value as one line of JSON, keys in alphabetical order.
    static func writeJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    /// Text as it may be shown: made harmless for a terminal, line by line, and left alone for a file or a pipe.
    static func presentable(_ text: String) -> String {
        guard isTerminal else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Sanitizer.visible(String($0)) }
            .joined(separator: "\n")
    }
}

/// Where everything else goes, made harmless for the terminal.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Shows a passing remark on the terminal's line, over the last one; the empty one clears it. Nothing in a pipe.
    static func showStatus(_ text: String) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(Sanitizer.visible(text))".utf8))
    }

    static func write(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Sanitizer.visible(String($0)) }
        FileHandle.standardError.write(Data(lines.joined(separator: "\n").utf8))
    }
}

enum StandardInput {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Everything that is piped in, at most `limit` bytes.
    static func readAll(limit: Int = 256 << 20) throws -> Data {
        var data = Data()
        while let block = try FileHandle.standardInput.read(upToCount: 1 << 20), !block.isEmpty {
            data += block
            guard data.count <= limit else {
                throw CommandLineError("standard input is longer than \(limit >> 20) MiB")
            }
        }
        return data
    }
}
