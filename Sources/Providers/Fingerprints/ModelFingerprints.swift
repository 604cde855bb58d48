import Files
import Foundation
import JSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The fingerprints of model files: "sha256:…" of all their bytes.
///
/// Reading gigabytes takes seconds, so every file is read only once, on a thread of the lowest priority. Fingerprints are
/// saved with the size and date of their files; a file that changes gets a new one.
public final class ModelFingerprints: Sendable {
    /// The file in which they are saved.
    private let cache: String?
    /// By path: an object with the file's size, modification date and fingerprint.
    private let known: Mutex<JSONObject>
    /// One file is read at a time.
    private let reading = Mutex(())

    private static let cacheLimit = 1 << 20
    private static let blockBytes = 1 << 20

    /// - Parameter cache: a JSON file; nil to save nothing. If it is missing or damaged, all files are read again.
    public init(cache: String?) {
        self.cache = cache
        let bytes = cache.flatMap { try? FileIO<ModelFileError>.read($0, limit: Self.cacheLimit) }
        known = Mutex(bytes.flatMap { try? JSONReader.read($0) }?.object ?? [:])
    }

    /// The fingerprint of a file as it is now, if it is known without reading the file.
    public func known(path: String) -> String? {
        guard let stamp = Stamp(path: path) else { return nil }
        return known.withLock { $0[path]?.object.flatMap(stamp.fingerprint) }
    }

    /// The fingerprint of a file, which is read if necessary. nil if it cannot be read or changes in the meantime.
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
            // Only for this thread: on Linux every thread has its own niceness.
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
            while let block = try file.read(upToCount: blockBytes), !block.isEmpty { hash.update(block) }
        } catch {
            return nil
        }
        return hash.finish()
    }

    /// If this fails, the fingerprints are computed again after the next start.
    private func save(_ fingerprints: JSONObject) {
        guard let cache else { return }
        try? FileIO<ModelFileError>.replace(cache, with: Array(JSONWriter.pretty(.object(fingerprints)).utf8))
    }
}

/// Shows whether a file has changed, without reading it.
private struct Stamp: Equatable {
    let size: JSONValue
    /// Seconds since 1970, with their fraction.
    let modified: JSONValue

    /// nil if there is no file.
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

    /// The fingerprint in an entry, if the file has not changed since.
    func fingerprint(in entry: JSONObject) -> String? {
        entry["size"] == size && entry["modified"] == modified ? entry["fingerprint"]?.string : nil
    }
}
