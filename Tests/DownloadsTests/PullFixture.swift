import Chat
import Files
import Foundation
import HTTP
import TestSupport

@testable import Downloads

/// A loopback server (Server/serve.py) with a folder of its own, and a models folder to pull into.
final class PullFixture: Sendable {
    static let token = "hf_secret-8c1d2e"

    let root: URL
    private let peer: PullServer
    /// Such as "http://127.0.0.1:40000".
    var server: String { peer.address }
    var host: String { String(server.dropFirst("http://".count)) }

    var models: URL { root.appending(path: "models") }

    private init(_ root: URL, _ peer: PullServer) { (self.root, self.peer) = (root, peer) }

    static func started() async throws -> PullFixture {
        let root = FileManager.default.temporaryDirectory.appending(path: "pull-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        return PullFixture(root, try await PullServer.started(root.appending(path: "server")))
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    // MARK: Server

    /// A GGUF file as far as a download looks at it.
    static func content(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return Array("GGUF".utf8) + (4..<max(4, count)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @discardableResult
    func put(_ path: String, _ bytes: [UInt8]) throws -> [UInt8] {
        try peer.put(path, Data(bytes))
        return bytes
    }

    func scenario(_ json: String) throws { try peer.scenario(json) }

    func requests() -> [PullServer.Request] { peer.requests }

    // MARK: Pulling

    func pull(
        _ address: String, token: Bool = false, memory: Int = 16_000_000_000, offline: Bool = false,
        cancellation: Cancellation = Cancellation(), _ change: (inout PullConditions) -> Void = { _ in }
    ) throws -> ModelPull {
        var environment = ["HF_ENDPOINT": server, "SOTTO_OLLAMA_REGISTRY": server + "/", "HOME": root.path]
        if token { environment["HF_TOKEN"] = Self.token }
        if offline { environment["SOTTO_OFFLINE"] = "1" }
        var conditions = PullConditions()
        conditions.waits = [.milliseconds(1), .milliseconds(2), .milliseconds(3)]
        conditions.silence = .seconds(20)
        change(&conditions)
        return ModelPull(
            try ModelAddress(address), into: models.path, settings: PullSettings(environment: environment),
            client: HTTPClient(.init()), memory: memory, cancellation: cancellation, conditions: conditions)
    }

    /// The error of a pull, in words; nil if there was none.
    func failure(_ pull: ModelPull) async -> PullError? {
        do throws(PullError) {
            _ = try await pull.run { _ in }
            return nil
        } catch {
            return error
        }
    }

    /// The files in the models folder, with hidden ones.
    func files() -> [String] {
        let entries = FileManager.default.enumerator(atPath: models.path)
        return (entries?.compactMap { $0 as? String } ?? []).filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: models.appending(path: path).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    func bytes(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: models.appending(path: path))).map(Array.init)
    }
}
