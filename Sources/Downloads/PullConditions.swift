import Chat
import Foundation
import HTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a download depends on besides its source. Tests replace it.
package struct PullConditions: Sendable {
    /// Waits before a next try. After that many tries in a row without `progressBytes` more, the error is reported.
    package var waits: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)]
    /// How long to wait for the next piece of a file.
    package var silence = Duration.seconds(60)
    /// Bytes that can be written to the disk of a folder, which may not exist yet; nil if nobody knows.
    package var freeBytes: @Sendable (String) -> Int? = { Disk.freeBytes(of: $0) }
    /// A try that brought as many bytes counts as a success, and the waits begin again.
    package var progressBytes = 4 << 20

    package init() {}
}

enum Disk {
    /// What an unprivileged user can still write.
    static func freeBytes(of folder: String) -> Int? {
        var path = folder
        var status = statvfs()
        while statvfs(path, &status) != 0 {
            let parent = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
            guard errno == ENOENT, parent != path, path != "/" else { return nil }
            path = parent
        }
        let (bytes, isTooLarge) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize))
        return isTooLarge ? nil : bytes
    }

    /// What is left free beside a download, because a full disk stops other programs: a tenth of the download, but at
    /// least 64 MB and at most 1 GB.
    static func margin(for bytes: Int) -> Int { min(max(bytes / 10, 64_000_000), 1_000_000_000) }
}

extension MemoryEstimate {
    /// A note about a model that will not fit; nil if it fits.
    ///
    /// - Parameters:
    ///   - name: what the sentence begins with.
    ///   - bytes: of the file.
    ///   - memory: this computer's, in bytes.
    static func shortage(of name: String = "It", forFile bytes: Int, memory: Int) -> String? {
        let need = byteCount(fileBytes: bytes)
        guard need > memory else { return nil }
        return "\(name) needs \(ByteText.size(need)) of memory, this computer has \(ByteText.size(memory))"
    }
}
