import Foundation
import TestSupport
import Testing

/// The clients that the services publish must accept the loopback server too. Skipped unless `SOTTO_TEST_CLIENTS` is set
/// to a Python that has them; `scripts/test` does that.
@Suite struct PublishedClientTests {
    private static let python = ProcessInfo.processInfo.environment["SOTTO_TEST_CLIENTS"]

    @Test(.enabled(if: python != nil, "SOTTO_TEST_CLIENTS is not set"))
    func acceptTheLoopbackServer() async throws {
        let python = try #require(Self.python)
        let program = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Server/published_clients.py")
        let (status, report) = try await onThread {
            let process = Process()
            process.executableURL = URL(filePath: python)
            process.arguments = [program.path]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let report = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, report)
        }
        #expect(status == 0, "\(report)")
        #expect(report.split(separator: "\n").count(where: { $0.hasPrefix("ok: ") }) == 24, "\(report)")
    }
}
