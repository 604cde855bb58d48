import ArgumentParser
import Files
import Foundation
import JSON
import Sessions
import TUI
import UTF8Text

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum StandardStreams {
    /// Opens closed standard streams on /dev/null, read-only. Otherwise the next file opened would get their descriptors,
    /// and messages would be written into it.
    static func open() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = Foundation.open("/dev/null", O_RDONLY)
        }
    }
}

/// Where results go. Unlike with `print`, a full disk or a closed descriptor is an error.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// If the reader has closed the pipe, throws only an exit status, the one that SIGPIPE would have caused.
    static func write(_ text: String) throws {
        guard let failure = FileAccess.write(Array(text.utf8), to: STDOUT_FILENO) else { return }
        if failure == EPIPE { throw ExitCode(128 + SIGPIPE) }
        throw CommandLineError("Cannot write to standard output: \(SystemError.reason(failure))")
    }

    /// Writes a value as one line of JSON with sorted keys and escaped control characters.
    static func writeJSON(_ value: JSONValue) throws { try write(presentable(JSONWriter.compact(value)) + "\n") }

    static func writeJSON(_ value: some Encodable) throws {
        try writeJSON(try JSONReader.read(Array(try JSONEncoder().encode(value))))
    }

    /// Writes text that the program composed, such as a list or a table. Names and values from files are in it, so control
    /// characters become visible in files and pipes too: `less -R` and `head` pass them on to the terminal.
    static func writeReport(_ text: String) throws { try write(visible(text)) }

    /// Text that is safe to show: control characters become visible on a terminal; files and pipes get it unchanged.
    static func presentable(_ text: String) -> String {
        isTerminal ? visible(text) : text
    }

    private static func visible(_ text: String) -> String {
        // Split by scalars: as characters, CR LF would be one.
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Sanitizer.visible(String($0)) }
            .joined(separator: "\n")
    }
}

/// Where everything but results goes. Control characters are made visible.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Shows progress on one line of the terminal, replacing what it showed before; an empty text clears it. Does nothing
    /// in a pipe.
    static func showStatus(_ text: String) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(Sanitizer.visible(text))".utf8))
    }

    /// Always one line: line breaks in names and values are made visible.
    static func writeLine(_ text: String) {
        FileHandle.standardError.write(Data((Sanitizer.visible(text) + "\n").utf8))
    }
}

enum StandardInput {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Whether it is a file that another program has begun to read, as in `while read line; do sotto run "$line"; done <
    /// list`: the rest is that program's.
    static var isSharedFile: Bool {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return lseek(STDIN_FILENO, 0, SEEK_CUR) > 0
    }

    /// The whole text, up to `limit` bytes. Says so if it has to wait for it.
    static func readText(limit: Int = 256 << 20) throws -> String {
        do {
            return try TextDecoding.text(try readAll(limit: limit))
        } catch let error as TextDecoding.Failure {
            throw CommandLineError("Standard input \(error.reason)")
        }
    }

    private static func readAll(limit: Int) throws -> [UInt8] {
        if !isTerminal { announceWaiting() }
        return try TextFile.read(STDIN_FILENO, limit: limit, name: "standard input")
    }

    /// A pipe that nobody writes to looks like a program that hangs.
    private static func announceWaiting() {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, patience) == 0 else { return }
        StandardError.writeLine("sotto: waiting for text on standard input (--no-input if there is none)")
    }

    /// In milliseconds.
    private static let patience: Int32 = 2000
}
