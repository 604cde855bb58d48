import Foundation
import Providers
import Testing

@Suite struct FingerprintTests {
    @Test func fileIsReadOnceAndAgainWhenItChanges() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fingerprints-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let model = folder.appending(path: "model.gguf").path
        let cache = folder.appending(path: "cache/fingerprints.json").path
        let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        try Data("abc".utf8).write(to: URL(filePath: model))

        let first = ModelFingerprints(cache: cache)
        #expect(first.known(path: model) == nil)
        #expect(await first.fingerprint(path: model) == abc)
        #expect(first.known(path: model) == abc)
        #expect(await first.fingerprint(path: folder.path) == nil)
        let mode = try FileManager.default.attributesOfItem(atPath: cache)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let later = ModelFingerprints(cache: cache)
        #expect(later.known(path: model) == abc)
        try Data("other".utf8).write(to: URL(filePath: model))
        #expect(later.known(path: model) == nil)
        #expect(await later.fingerprint(path: model) != abc)

        try Data("{ damaged".utf8).write(to: URL(filePath: cache))
        #expect(ModelFingerprints(cache: cache).known(path: model) == nil)
    }
}
