import Chat
import Foundation
import Testing

@testable import Downloads

/// Pulls of plain addresses.
@Suite struct FileTests {
    let site: DownloadSite
    private let model = DownloadSite.model(100_000)

    init() async throws {
        site = try await .started()
        try site.write(model, to: "files/tiny-Q4_0.gguf")
    }

    @Test func aFileIsPutInPlace() async throws {
        let log = EventLog()
        #expect(try await site.pull(site.file("tiny-Q4_0.gguf")).run { log.append($0) } == "tiny-Q4_0")
        #expect(site.left() == ["tiny-Q4_0.gguf"])
        #expect(try site.bytes(of: "tiny-Q4_0.gguf") == model)
        guard case .planned(let plan) = log.all.first else { return #expect(log.all.isEmpty) }
        #expect(plan.bytes == 100_000 && plan.format == "Q4_0")
    }

    @Test func queriesAreNotShown() async throws {
        let address = ModelAddress.file(url: "\(site.address)/files/tiny-Q4_0.gguf?key=s3cret")
        let plan = try await site.pull(address).plan()
        #expect(plan.address == "\(site.address)/files/tiny-Q4_0.gguf?…")
        try site.behave(["cuts": Array(repeating: 5000, count: 10)])
        let error = await failure(of: site.pull(address))
        #expect(error.map { !"\($0)".contains("s3cret") } == true)
        for path in site.left() {
            #expect(try !String(decoding: site.bytes(of: path), as: UTF8.self).contains("s3cret"))
        }
        #expect(site.left().count == 2)
    }

    @Test func theServerMaySuggestTheName() async throws {
        try site.write(model, to: "files/download")
        try site.behave(["disposition": "attachment; filename=\"../../../other-Q8_0.gguf\""])
        #expect(try await site.pull(site.file("download")).run { _ in } == "other-Q8_0")
        #expect(site.left() == ["other-Q8_0.gguf"])
    }

    @Test(arguments: ["attachment", "attachment; filename=\".gguf\"", "attachment; filename=model.zip"])
    func filesWithoutAUsableNameAreRefused(disposition: String) async throws {
        try site.write(model, to: "files/download")
        try site.behave(["disposition": disposition])
        #expect(await failure(of: site.pull(site.file("download"))) == .noFileName)
    }

    @Test func aWebPageIsNoModel() async throws {
        try site.behave(["page": true])
        let error = await failure(of: site.pull(site.file("tiny-Q4_0.gguf")))
        #expect(error == .notAModel(host: site.host, isWebPage: true))
        try site.write(Array("PK..zip".utf8), to: "files/zip.gguf")
        try site.behave([:])
        #expect(await failure(of: site.pull(site.file("zip.gguf"))) == .notAModel(host: site.host, isWebPage: false))
        #expect(site.entries().isEmpty)
    }

    @Test func aMissingFileIsReported() async throws {
        let error = await failure(of: site.pull(site.file("none.gguf")))
        #expect(error == .notFound("such file", host: site.host, near: []))
    }

    @Test func otherFilesAreNotReplaced() async throws {
        try site.write([1, 2, 3], to: "models/tiny-Q4_0.gguf")
        let path = site.models.appending(path: "tiny-Q4_0.gguf").path
        #expect(await failure(of: site.pull(site.file("tiny-Q4_0.gguf"))) == .exists(path: path))
        #expect(try site.bytes(of: "tiny-Q4_0.gguf") == [1, 2, 3])
        #expect(site.left() == ["tiny-Q4_0.gguf"])
    }

    @Test func aFileOfUnknownLengthIsFetched() async throws {
        try site.behave(["length": false, "ranges": false, "version": NSNull()])
        let log = EventLog()
        _ = try await site.pull(site.file("tiny-Q4_0.gguf")).run { log.append($0) }
        #expect(try site.bytes(of: "tiny-Q4_0.gguf") == model)
        #expect(log.all.last == .progress(bytes: 100_000, of: nil))
    }

    @Test func aFileOfUnknownLengthDoesNotFillTheDisk() async throws {
        try site.behave(["length": false, "ranges": false, "version": NSNull()])
        var conditions = DownloadSite.conditions
        conditions.freeBytes = { _ in 64_050_000 }
        let error = await failure(of: site.pull(site.file("tiny-Q4_0.gguf"), conditions: conditions))
        guard case .notEnoughDisk(_, _, let free) = error else { return #expect(error == nil) }
        #expect(free == 50_000)
        #expect(!FileManager.default.fileExists(atPath: site.models.appending(path: "tiny-Q4_0.gguf").path))
    }

    @Test func offlineModeRefuses() async throws {
        let address = ModelAddress.file(url: "https://example.com/x.gguf")
        let error = await failure(of: site.pull(address, environment: ["SOTTO_OFFLINE": "1"]))
        #expect(error == .offline(host: "example.com"))
    }

    @Test func nobodyAtTheAddressIsReportedAtOnce() async throws {
        let error = await failure(of: site.pull(.file(url: "http://127.0.0.1:1/x.gguf")))
        #expect(error == .network(.refused(host: "127.0.0.1:1")))
    }
}
