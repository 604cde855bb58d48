#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file mapped read-only into memory, unmapped when the last reference is released.
///
/// `@unchecked Sendable`: the mapping is created once, never changed, and only read. (If another process truncates the
/// file while it is mapped, an access beyond its new end crashes this one, as in every engine that maps its weights.)
package final class MappedFile: @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer

    /// Why a file could not be mapped.
    package enum Failure: Error, CustomStringConvertible {
        case notRegularFile
        /// An error of the operating system, with its message.
        case system(String)

        package var description: String {
            switch self {
            case .notRegularFile: "not a regular file"
            case .system(let message): message
            }
        }
    }

    /// Throws if the path cannot be opened or mapped, or is not a regular file. An empty file maps to no bytes.
    package init(path: String) throws(Failure) {
        // O_NONBLOCK: opening a named pipe must not wait for a writer; it is rejected below.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.systemError("cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.systemError("cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegularFile }
        guard status.st_size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let size = Int(status.st_size)
        guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw Self.systemError("cannot be mapped into memory")
        }
        bytes = UnsafeRawBufferPointer(start: base, count: size)
    }

    deinit {
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }

    /// Asks the system to read the pages of `range` ahead of their use. Only a hint.
    private func prefetch(_ range: Range<Int>) {
        guard let base = bytes.baseAddress, !range.isEmpty else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = range.lowerBound / page * page
        madvise(UnsafeMutableRawPointer(mutating: base + start), range.upperBound - start, MADV_WILLNEED)
    }

    /// Lets the system have the pages that are wholly in a part of the mapping.
    package func release(_ part: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, let start = part.baseAddress, start >= base,
            start + part.count <= base + bytes.count
        else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = (start - base + page - 1) / page * page
        let end = (start - base + part.count) / page * page
        if first < end { madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED) }
    }

    /// The share of the pages that is in memory, 0…1; 1 if the system does not report it.
    package var residentShare: Double {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return 1 }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let count = (bytes.count + page - 1) / page
        #if os(Linux)
            var states = [UInt8](repeating: 0, count: count)
        #else
            var states = [CChar](repeating: 0, count: count)
        #endif
        guard mincore(UnsafeMutableRawPointer(mutating: base), bytes.count, &states) == 0 else { return 1 }
        return Double(states.count { $0 & 1 != 0 }) / Double(count)
    }

    /// Touches every page while the system reads ahead.
    package func readAhead(isCancelled: () -> Bool, progress: (Double) -> Void) {
        let step = 4 << 20
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        var sum: UInt8 = 0
        prefetch(0..<min(bytes.count, 8 * step))
        for start in stride(from: 0, to: bytes.count, by: step) where !isCancelled() {
            let ahead = start + 8 * step
            if ahead < bytes.count { prefetch(ahead..<min(bytes.count, ahead + step)) }
            for offset in stride(from: start, to: min(start + step, bytes.count), by: page) { sum &+= bytes[offset] }
            progress(min(1, Double(start + step) / Double(bytes.count)))
        }
        // The sum is not used, but it keeps the compiler from removing the loop.
        withExtendedLifetime(sum) {}
    }

    private static func systemError(_ what: String) -> Failure {
        .system("\(what): \(String(cString: strerror(errno)))")
    }
}
