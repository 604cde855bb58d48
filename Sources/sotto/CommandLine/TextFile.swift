import Files
import Foundation
import UTF8Text

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads files named on the command line, which may also be pipes, such as those of a shell's `<(…)`.
enum TextFile {
    static func read(_ path: String, limit: Int = 256 << 20) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandLineError("Cannot read \(path): \(SystemError.reason(errno))") }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw CommandLineError("\(path) is a folder; expected a file")
        }
        return try read(descriptor, limit: limit, name: path)
    }

    /// Everything up to the end, whatever size the system reports: devices and files in /proc report none.
    static func read(_ descriptor: Int32, limit: Int, name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw CommandLineError("Cannot read \(name): \(SystemError.reason(errno))")
            }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw CommandLineError("\(name) is longer than \(limit >> 20) MiB") }
        }
    }

    static func readText(_ path: String, limit: Int = 256 << 20) throws -> String {
        do {
            return try TextDecoding.text(try read(path, limit: limit))
        } catch let error as TextDecoding.Failure {
            throw CommandLineError("\(path) \(error.reason)")
        }
    }
}
