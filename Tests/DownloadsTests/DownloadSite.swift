import Chat
import Files
import Foundation
import HTTP
import Synchronization
import TestSupport

@testable import Downloads

/// `Server/serve.py` with a folder of its own, and a models folder. Both are removed with this object.
final class DownloadSite: Sendable {
    let root = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)")
    /// The models folder.
    var models: URL { root.appending(path: "models") }
    private let server: PythonServer
    var port: Int { server.port }

    static let gigabyte = 1_000_000_000

    static func started() async throws -> DownloadSite { try await onThread { try DownloadSite() } }

    private init() throws {
        try FileManager.default.createDirectory(at: root.appending(path: "hub"), withIntermediateDirectories: true)
        server = try PythonServer("DownloadsTests/Server/serve.py", [root.path])
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var address: String { "http://127.0.0.1:\(port)" }
    var host: String { "127.0.0.1:\(port)" }

    // MARK: What the server has

    /// Bytes like those of a GGUF file.
    static func model(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return Array("GGUF".utf8) + (4..<max(4, count)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    static func digest(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func behave(_ scenario: [String: Any]) throws {
        try JSONSerialization.data(withJSONObject: scenario).write(to: root.appending(path: "scenario.json"))
    }

    // MARK: What happened

    struct Request: Decodable {
        let port, path, query: String
        let headers: [String: String]
    }

    func requests() throws -> [Request] {
        let text = (try? String(contentsOf: root.appending(path: "log.jsonl"), encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
    }

    /// Requests for a file, without those that only ask for its beginning.
    func deliveries(of name: String) throws -> [Request] {
        try requests().filter {
            ($0.port == "files" || $0.path.hasPrefix("/files/")) && $0.path.hasSuffix(name)
                && $0.headers["range"] != "bytes=0-3"
        }
    }

    /// Paths of all files in the models folder, hidden ones too.
    func left() -> [String] {
        let names = FileManager.default.enumerator(atPath: models.path)?.compactMap { $0 as? String } ?? []
        return names.filter {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: models.appending(path: $0).path, isDirectory: &isFolder)
            return !isFolder.boolValue
        }.sorted()
    }

    /// Everything in the models folder, with its folders.
    func entries() -> [String] {
        (FileManager.default.enumerator(atPath: models.path)?.compactMap { $0 as? String } ?? []).sorted()
    }

    func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: models.appending(path: path))) }

    // MARK: Pulls

    /// Short waits, and a disk with room.
    static var conditions: PullConditions {
        var conditions = PullConditions()
        conditions.waits = Array(repeating: .milliseconds(10), count: 3)
        conditions.silence = .seconds(20)
        conditions.freeBytes = { _ in 100 * gigabyte }
        return conditions
    }

    func pull(
        _ address: ModelAddress, environment: [String: String] = [:], memory: Int = 24 * gigabyte,
        cancellation: Cancellation = Cancellation(), conditions: PullConditions = conditions
    ) -> ModelPull {
        let own = ["HF_ENDPOINT": self.address, "SOTTO_OLLAMA_REGISTRY": self.address, "HOME": root.path]
        let settings = PullSettings(environment: own.merging(environment) { $1 })
        let client = HTTPClient(
            HTTPClient.Options(isOffline: settings.isOffline, proxies: HTTPProxies(environment: [:])))
        return ModelPull(
            address, into: models.path, settings: settings, client: client, memory: memory, cancellation: cancellation,
            conditions: conditions)
    }

    /// The address of a file at /files.
    func file(_ name: String) -> ModelAddress { .file(url: "\(address)/files/\(name)") }
}

/// How a pull failed; nil if it did not.
func failure(of pull: ModelPull, report: @escaping @Sendable (PullEvent) -> Void = { _ in }) async -> PullError? {
    do throws(PullError) {
        _ = try await pull.run(report: report)
        return nil
    } catch {
        return error
    }
}

/// Events in their order.
final class EventLog: Sendable {
    private let events = Mutex<[PullEvent]>([])

    func append(_ event: PullEvent) { events.withLock { $0.append(event) } }

    var all: [PullEvent] { events.withLock { $0 } }
}

extension ModelAddress {
    static func hub(_ name: String, quant: String? = nil) -> ModelAddress {
        .huggingFace(owner: "alice", name: name, quant: quant)
    }
}
