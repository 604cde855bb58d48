import Files
import Foundation
import Testing

/// Private folders for other programs' files.
@Suite(.serialized)
struct TemporaryFolderTests {
    @Test func theFolderIsPrivateAndGoesAway() throws {
        let folder = try #require(
            TemporaryFolder.with { folder in
                let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path)
                #expect(attributes?[.posixPermissions] as? Int == 0o700)
                #expect(FileManager.default.createFile(atPath: folder.appending(path: "text").path, contents: nil))
                return folder
            })
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    /// Those of killed programs go; those of running ones, and what is only named alike, stay.
    @Test func leftoversOfKilledProgramsAreRemoved() throws {
        let temporary = FileManager.default.temporaryDirectory
        func make(_ name: String) throws -> String {
            let folder = temporary.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return folder.path
        }
        let id = UUID().uuidString
        // No system gives a process this number.
        let prefix = ".sotto-folder-"
        let dead = try make("\(prefix)\(Int32.max)-\(id)")
        let kept = [
            try make("\(prefix)1-\(id)"), try make("\(prefix)x\(Int32.max)-\(id)"),
            try make("sotto-\(Int32.max)-\(id)"),
        ]
        defer { for path in kept { try? FileManager.default.removeItem(atPath: path) } }
        TemporaryFolder.removeLeftovers()
        #expect(!FileManager.default.fileExists(atPath: dead))
        for path in kept { #expect(FileManager.default.fileExists(atPath: path)) }
    }
}
