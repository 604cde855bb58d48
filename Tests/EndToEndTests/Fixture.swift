import Foundation
import Testing

/// The real program, and a folder of its own for it to live in, with the real models.
final class Fixture: Sendable {
    /// What `SOTTO_HOME` names.
    let home: URL

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let binary: URL = {
        let named = ProcessInfo.processInfo.environment["SOTTO_BINARY"].map { URL(filePath: $0) }
        return named ?? root.appending(path: ".build/release/sotto")
    }()

    /// The folder with the real models; scripts/test fetches them and sets the variable.
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

    func file(_ name: String, holding data: Data) throws -> String {
        let file = home.appending(path: name)
        try data.write(to: file)
        return file.path
    }

    // MARK: What is on disk

    var sessionFiles: [URL] {
        let entries = try? FileManager.default.contentsOfDirectory(
            at: home.appending(path: "sessions"), includingPropertiesForKeys: nil)
        return (entries ?? []).filter { $0.pathExtension == "json" }
    }

    /// The messages of the only session.
    func messages() throws -> [SessionFile.Message] {
        let file = try #require(sessionFiles.first)
        return try JSONDecoder().decode(SessionFile.self, from: Data(contentsOf: file)).messages
    }

    /// The process that has the only session open, as its lock says.
    func holder() throws -> Int32 {
        let file = try #require(sessionFiles.first).deletingPathExtension().appendingPathExtension("lock")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}

/// The part of a session file that these tests look at.
struct SessionFile: Decodable {
    let messages: [Message]

    struct Message: Decodable {
        let role: String
        let content: String
        let model: Model?
        let settings: Settings?
        let stats: Stats?
    }
    struct Model: Decodable { let name: String }
    struct Settings: Decodable { let temperature: Double }
    struct Stats: Decodable { let stop: String }
}
