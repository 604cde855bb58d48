import Foundation

/// The loopback server of Tests/DownloadsTests/Server, which plays the Hugging Face hub, a registry with Ollama's protocol,
/// and a web server with files. It ends with this object, and with the tests.
public final class PullServer: Sendable {
    /// What it has, in the layout that its docstring describes.
    public let folder: URL
    /// Such as "http://127.0.0.1:40000".
    public let address: String
    private let process: Process
    private let input = Pipe()

    public struct NoPort: Error {}

    public static func started(_ folder: URL) async throws -> PullServer {
        try await onThread { try PullServer(folder) }
    }

    private init(_ folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder.appending(path: "hub"), withIntermediateDirectories: true)
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", tests.appending(path: "DownloadsTests/Server/serve.py").path, folder.path]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { throw NoPort() }
            line += byte
        }
        address = "http://127.0.0.1:\(String(decoding: line.dropLast(), as: UTF8.self))"
    }

    // Not with SIGTERM: this may be a thread that blocks signals, which the server has inherited.
    deinit { kill(process.processIdentifier, SIGKILL) }

    public func put(_ path: String, _ data: Data) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    /// How the server behaves, in the fields that its docstring lists.
    public func scenario(_ json: String) throws { try put("scenario.json", Data(json.utf8)) }

    public struct Request: Decodable, Sendable {
        public let path: String
        /// "api", or "files" for the port to which downloads are redirected.
        public let port: String
        public let headers: [String: String]

        public var range: String? { headers["range"] }
        public var authorization: String? { headers["authorization"] }
    }

    /// All requests so far.
    public var requests: [Request] {
        let log = (try? String(contentsOf: folder.appending(path: "log.jsonl"), encoding: .utf8)) ?? ""
        return log.split(separator: "\n").compactMap { try? JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
    }
}
