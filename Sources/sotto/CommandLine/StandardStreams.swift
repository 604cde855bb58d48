import Files
import ArgumentParser
import Foundation
import JSON
import Sessions
import TUI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum StandardStreams {
    /// Puts something that cannot be written to in the place of standard streams that are closed: else the next file to
    /// be opened would take their numbers, and what is said would be written into it.
    static func open() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = Foundation.open("/dev/null", O_RDONLY)
        }
    }
}

/// Where results go. Unlike `print`, a full disk or a closed descriptor is an error and not silence.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Where nobody reads any more the error is an exit status alone, as if the signal had come that tells of it.
    static func write(_ text: String) throws {
        guard let failure = FileAccess.write(Array(text.utf8), to: STDOUT_FILENO) else { return }
        if failure == EPIPE { throw ExitCode(128 + SIGPIPE) }
        throw CommandLineError("cannot write to standard output: \(SystemError.reason(failure))")
    }

    /// Writes a value as one line of JSON, keys in alphabetical order, control characters escaped.
    static func writeJSON(_ value: JSONValue) throws { try write(presentable(JSONWriter.compact(value)) + "\n") }

    static func writeJSON(_ value: some Encodable) throws {
        try writeJSON(try JSONReader.read(Array(try JSONEncoder().encode(value))))
    }

    /// Text as it may be shown: made harmless for a terminal, line by line, and left alone for a file or a pipe.
    static func presentable(_ text: String) -> String {
        guard isTerminal else { return text }
        // By code points: a carriage return before the line feed would make another character of it.
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
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

    /// One line, whatever a file's name or a value in it holds.
    static func writeLine(_ text: String) {
        FileHandle.standardError.write(Data((Sanitizer.visible(text) + "\n").utf8))
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
