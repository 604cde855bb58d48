import Files
import Foundation
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The user's own services and limits, from `providers.json`:
///
///     { "offline": false,
///       "providers": [
///         { "name": "rack", "type": "openai-compatible", "baseURL": "http://127.0.0.1:8000/v1",
///           "key": { "env": "RACK_KEY" } },
///         { "name": "openai", "key": { "command": "pass show openai" } } ] }
///
/// A plain array of services is read too. A service with a built-in one's name changes that one, and may leave out type
/// and address. The program never writes the file.
public struct ProvidersFile: Sendable, Equatable {
    /// Whether nothing but this computer may be contacted.
    public var isOffline = false
    var entries: [Entry] = []

    /// What the file says of a service. Nil for what it leaves to the kind's usual values.
    struct Entry: Sendable, Equatable {
        var name: String
        var kind: ServiceKind
        var baseURL: String?
        var key: KeySource?
    }

    /// Without services.
    public init() {}

    private static let sizeLimit = 1 << 20

    /// Reads the file. What is wrong in it is left out, and is described in a line each; a missing file is empty.
    public static func load(path: String) -> (file: ProvidersFile, problems: [String]) {
        var status = stat()
        // The mode belongs to the file that is read, whatever happens to its name afterwards.
        guard stat(path, &status) == 0 else {
            return (ProvidersFile(), errno == ENOENT ? [] : ["\(path): \(SystemError.reason(errno))"])
        }
        let bytes: [UInt8]
        do {
            bytes = try FileIO<ReadError>.read(path, limit: sizeLimit)
        } catch {
            return (ProvidersFile(), ["\(error)"])
        }
        var reader = ProvidersReader()
        reader.read(String(decoding: bytes, as: UTF8.self))
        var file = reader.file
        var problems = reader.problems.map { "\(path), line \($0.line): \($0.message)" }
        if reader.hasLiteralKey, status.st_mode & 0o077 != 0 {
            file.entries = []
            problems.append("\(path) contains a key and others can read it, so it is not used: chmod 600 \(path)")
        }
        return (file, problems)
    }
}
