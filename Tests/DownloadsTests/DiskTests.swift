import Foundation
import Testing

@testable import Downloads

/// Disks without room, and folders that are none.
@Suite struct DiskTests {
    let site: DownloadSite

    init() async throws {
        site = try await .started()
        try site.write(DownloadSite.model(200_000), to: "hub/alice/Tiny/tiny-Q4_K_M.gguf")
    }

    @Test func tooLittleDiskIsSaidBefore() async throws {
        var conditions = DownloadSite.conditions
        conditions.freeBytes = { _ in 64_100_000 }
        let error = await failure(of: site.pull(.hub("Tiny"), conditions: conditions))
        #expect(error == .notEnoughDisk(folder: site.models.path, needed: 64_200_000, free: 64_100_000))
        #expect(site.entries().isEmpty)
        #expect(try site.deliveries(of: "tiny-Q4_K_M.gguf").isEmpty)
    }

    @Test func realDisksHaveRoom() throws {
        let free = try #require(Disk.freeBytes(of: "/tmp/no/such/folder"))
        #expect(free > 0)
        #expect(Disk.margin(for: 0) == 64_000_000 && Disk.margin(for: 5_000_000_000) == 500_000_000)
        #expect(Disk.margin(for: Int.max) == 1_000_000_000)
    }

    @Test func aPlaceThatIsNoFolderIsReported() async throws {
        try site.write([1], to: "models/alice")
        let error = await failure(of: site.pull(.hub("Tiny")))
        guard case .cannotWrite = error else { return #expect(error == nil) }
        #expect(site.left() == ["alice"])
    }

    @Test func linksInPlaceOfAPartAreNotFollowed() async throws {
        let folder = site.models.appending(path: "alice/Tiny")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let victim = site.root.appending(path: "victim")
        try Data("keep".utf8).write(to: victim)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: ".pull-tiny-Q4_K_M.gguf"), withDestinationURL: victim)
        let error = await failure(of: site.pull(.hub("Tiny")))
        guard case .cannotWrite = error else { return #expect(error == nil) }
        #expect(try Data(contentsOf: victim) == Data("keep".utf8))
    }
}
