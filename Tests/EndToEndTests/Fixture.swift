import Foundation
import Testing

/// The real program with the real models, in a home folder of its own.
final class Fixture: Sendable {
    /// The value of `SOTTO_HOME`.
    let home: URL

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let binary: URL = {
        let named = ProcessInfo.processInfo.environment["SOTTO_BINARY"].map { URL(filePath: $0) }
        return named ?? root.appending(path: ".build/release/sotto")
    }()

    /// The folder with the real models; scripts/test downloads them and sets the variable.
    static let models = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"].map { URL(filePath: $0) }

    static let canRun = models != nil && FileManager.default.isExecutableFile(atPath: binary.path)
    static let requirement: Comment = "needs a release build and SOTTO_TEST_MODELS; scripts/test provides both"

    static let defaultModel = "SmolLM2-135M-Instruct.Q4_1"
    static let otherModel = "gemma-3-270m-Q4_K_M"

    init() throws {
        home = FileManager.default.temporaryDirectory.appending(path: "sotto-\(UUID().uuidString)")
        let folder = home.appending(path: "models")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let models = try #require(Self.models)
        for name in [Self.defaultModel, Self.otherModel] {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "\(name).gguf"), withDestinationURL: models.appending(path: "\(name).gguf"))
        }
    }

    deinit { try? FileManager.default.removeItem(at: home) }

    /// Writes a script to `bin` in the home folder.
    func program(_ name: String, _ script: String) throws {
        let folder = home.appending(path: "bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = try file("bin/\(name)", holding: Data("#!/bin/sh\n\(script)\n".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }

    func text(of name: String) -> String? { try? String(contentsOf: home.appending(path: name), encoding: .utf8) }

    func file(_ name: String, holding data: Data) throws -> String {
        let file = home.appending(path: name)
        try data.write(to: file)
        return file.path
    }

    /// Writes a session, which the program opens first.
    func write(session fields: [String: Any]) throws {
        let time = "2026-11-22T14:02:11Z"
        let id = fields["id"] as? String ?? "01M87WHRAN8BD4W9HZJXH6H09G"
        let session = [
            "format": "sotto.session", "version": 1, "id": id, "created": time, "updated": time,
        ].merging(fields) { $1 }
        let folder = home.appending(path: "sessions")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: session).write(to: folder.appending(path: "\(id).json"))
    }

    // MARK: Files

    var sessionFiles: [URL] {
        let entries = try? FileManager.default.contentsOfDirectory(
            at: home.appending(path: "sessions"), includingPropertiesForKeys: nil)
        return (entries ?? []).filter { $0.pathExtension == "json" }
    }

    /// The messages of the only session.
    func messages() throws -> [SessionFile.Message] { try session().messages }

    func session() throws -> SessionFile { try #require(try sessions().first) }

    func sessions() throws -> [SessionFile] {
        try sessionFiles.map { try JSONDecoder().decode(SessionFile.self, from: Data(contentsOf: $0)) }
    }

    /// Waits until the only session on disk meets a condition.
    func stored(
        at location: SourceLocation = #_sourceLocation, _ condition: (SessionFile) -> Bool
    ) async throws {
        for _ in 0..<1200 {
            if !sessionFiles.isEmpty, let session = try? session(), condition(session) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the session did not meet the condition: \(try session())", sourceLocation: location)
    }

    /// The process that has the only session open, according to its lock.
    func holder() throws -> Int32 {
        let file = try #require(sessionFiles.first).deletingPathExtension().appendingPathExtension("lock")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}

/// The part of a session file that these tests need.
struct SessionFile: Decodable {
    let title: String
    let model: Model?
    let head: String?
    let messages: [Message]

    struct Message: Decodable {
        let id: String
        let parent: String?
        let role: String
        let content: String
        let attachments: [Attachment]?
        let model: Model?
        let settings: Settings?
        let stats: Stats?
    }
    struct Attachment: Decodable {
        let name: String
        let content: String
    }
    struct Model: Decodable {
        let provider: String
        let name: String
    }
    struct Settings: Decodable { let temperature: Double }
    struct Stats: Decodable {
        let stop: String
        let cachedTokens: Int
        let promptTokens: Int
    }
}
