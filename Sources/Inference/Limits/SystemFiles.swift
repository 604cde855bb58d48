import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files in `/proc` and `/sys`, or in a made-up tree.
struct SystemFiles {
    /// The folder that paths are relative to.
    let root: String

    /// The text of a file; nil if it cannot be read or is not a regular file. What exceeds `limit` bytes is cut off.
    ///
    /// The size that the system reports for these files is not that of their content, so it is of no use here.
    func text(_ path: String, limit: Int = 1 << 16) -> String? {
        let descriptor = open("\(root)/\(path)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard
            let data = try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).read(upToCount: limit)
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// The positive number that is all of a file's content.
    func number(_ path: String) -> Int? {
        let words = text(path, limit: 64)?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count == 1 ? Self.number(words[0]) : nil
    }

    /// A positive number.
    static func number(_ word: Substring) -> Int? {
        Int(word).flatMap { $0 > 0 ? $0 : nil }
    }
}
