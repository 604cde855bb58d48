import Foundation
import Testing

@testable import Downloads

/// Files at web addresses.
@Suite struct FileTests {
    let fixture: PullFixture

    init() async throws { fixture = try await PullFixture.started() }

    @Test func theNameIsInTheAddress() async throws {
        let content = try fixture.put("files/My Model.gguf", PullFixture.content(4000))
        let url = "\(fixture.server)/files/My%20Model.gguf?sig=secret"
        let events = Events()
        #expect(try await fixture.pull(url).run(report: events.add) == "My Model")
        #expect(fixture.files() == ["My Model.gguf"])
        #expect(fixture.bytes("My Model.gguf") == content)
        #expect(events.plan?.bytes == 4000)
        #expect(events.plan?.address.contains("secret") == false)
    }

    @Test(arguments: [
        (#"attachment; filename="b.gguf""#, "b.gguf"), (#"attachment; filename="../../c.gguf""#, "c.gguf"),
    ])
    func elseTheServerSuggestsOne(header: String, name: String) async throws {
        try fixture.put("files/latest", PullFixture.content(100))
        let escaped = header.replacing(#"""#, with: #"\""#)
        try fixture.scenario(#"{"disposition": "\#(escaped)"}"#)
        _ = try await fixture.pull("\(fixture.server)/files/latest").run { _ in }
        #expect(fixture.files() == [name])
    }

    @Test func withoutANameOfAModelThereIsNone() async throws {
        try fixture.put("files/latest", PullFixture.content(100))
        #expect(await fixture.failure(try fixture.pull("\(fixture.server)/files/latest")) == .noFileName)
    }

    @Test func webPagesAndOtherFilesAreRefused() async throws {
        try fixture.put("files/a.gguf", Array("PK\u{3}\u{4} a zip archive".utf8))
        let zip = await fixture.failure(try fixture.pull("\(fixture.server)/files/a.gguf"))
        #expect(zip == .notAModel(host: fixture.host, isWebPage: false))
        try fixture.scenario(#"{"page": true}"#)
        let page = await fixture.failure(try fixture.pull("\(fixture.server)/files/a.gguf"))
        #expect(page == .notAModel(host: fixture.host, isWebPage: true))
        let missing = await fixture.failure(try fixture.pull("\(fixture.server)/files/b.gguf"))
        #expect(missing == .notFound("such file", host: fixture.host, near: []))
        #expect(fixture.files() == [])
    }

    @Test func anotherFileOfTheNameIsKept() async throws {
        try fixture.put("files/a.gguf", PullFixture.content(100))
        try FileManager.default.createDirectory(at: fixture.models, withIntermediateDirectories: true)
        let own = fixture.models.appending(path: "a.gguf")
        try Data("mine".utf8).write(to: own)
        #expect(await fixture.failure(try fixture.pull("\(fixture.server)/files/a.gguf")) == .exists(path: own.path))
        #expect(fixture.bytes("a.gguf") == Array("mine".utf8))
        #expect(fixture.files() == ["a.gguf"])
    }
}
