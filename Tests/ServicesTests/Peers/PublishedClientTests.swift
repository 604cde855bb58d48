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
        let finished = try await onThread { try FinishedProgram([python, program.path]) }
        let report = finished.output
        #expect(finished.status == 0, "\(report)")
        #expect(report.split(separator: "\n").count(where: { $0.hasPrefix("ok: ") }) == 24, "\(report)")
    }
}
