import Foundation
import JSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The fingerprints of model files: "sha256:…" over all of their bytes.
///
/// Reading gigabytes takes seconds, so it is done once for a file, on a thread that gives way to all others, and what
/// came out is remembered with the file's size and date. A file that changes gets a new fingerprint.
public final class ModelFingerprints: Sendable {
    /// Where they are remembered from one start to the next; nil for nowhere.
    private let cache: URL?
    /// By path: an object of a file's size, the date of its last change, and its fingerprint.
    private let known: Mutex<JSONObject>
    /// One file is read at a time.
    private let reading = Mutex(())

    private static let cacheLimit = 1 << 20
    private static let chunkBytes = 1 << 20

    /// - Parameter cache: a JSON file. Lost or damaged, all files are read again.
    public init(cache: URL?) {
        self.cache = cache
        let size = try? cache?.resourceValues(forKeys: [.fileSizeKey]).fileSize
        let data = cache.flatMap { (size ?? 0) <= Self.cacheLimit ? try? Data(contentsOf: $0) : nil }
        known = Mutex((data.flatMap { try? JSONReader.read(Array($0)) })?.object ?? [:])
    }

    /// The fingerprint of a file as it is now, where that is known without reading it.
    public func known(path: String) -> String? {
        guard let stamp = Stamp(path: path) else { return nil }
        return known.withLock { $0[path]?.object.flatMap(stamp.fingerprint) }
    }

    /// The fingerprint of a file, which is read where that is needed. nil where it cannot be read, or changes
    /// meanwhile.
    public func fingerprint(path: String) async -> String? {
        if let known = known(path: path) { return known }
        return await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: self.compute(path)) }
            thread.name = "fingerprint"
            thread.qualityOfService = .background
            thread.start()
        }
    }

    private func compute(_ path: String) -> String? {
        #if os(Linux)
            // Of this thread alone; Linux gives every thread a niceness of its own.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
        #endif
        return reading.withLock { _ in
            if let known = known(path: path) { return known }
            guard let stamp = Stamp(path: path), let digest = Self.digest(path), stamp == Stamp(path: path) else {
                return nil
            }
            let fingerprint = "sha256:\(digest)"
            let all = known.withLock { known in
                known[path] = .object(stamp.entry(fingerprint))
                return known
            }
            save(all)
            return fingerprint
        }
    }

    private static func digest(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        var hash = SHA256()
        do {
            while let chunk = try file.read(upToCount: chunkBytes), !chunk.isEmpty { hash.update(chunk) }
        } catch {
            return nil
        }
        return hash.finish()
    }

    /// What cannot be written is found out again at the next start.
    private func save(_ fingerprints: JSONObject) {
        guard let cache else { return }
        let files = FileManager.default
        try? files.createDirectory(
            at: cache.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        _ = files.createFile(
            atPath: cache.path(percentEncoded: false), contents: Data(JSONWriter.pretty(.object(fingerprints)).utf8),
            attributes: [.posixPermissions: 0o600])
    }
}

/// What tells that a file is still the same without reading it.
private struct Stamp: Equatable {
    let size: JSONValue
    /// Seconds since 1970, with their fraction.
    let modified: JSONValue

    /// nil where there is no file.
    init?(path: String) {
        let url = URL(filePath: path).resolvingSymlinksInPath()
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false)),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let size = attributes[.size] as? Int, let modified = attributes[.modificationDate] as? Date
        else { return nil }
        self.size = .integer(size)
        self.modified = .real(modified.timeIntervalSince1970)
    }

    func entry(_ fingerprint: String) -> JSONObject {
        ["size": size, "modified": modified, "fingerprint": .string(fingerprint)]
    }

    /// The fingerprint in an entry that was made when the file was as it is now.
    func fingerprint(in entry: JSONObject) -> String? {
        entry["size"] == size && entry["modified"] == modified ? entry["fingerprint"]?.string : nil
    }
}
