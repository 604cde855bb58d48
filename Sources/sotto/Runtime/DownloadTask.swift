import Chat
import ChatApp
import Foundation
import Providers

/// The download of the default model, told as it goes.
struct DownloadTask: Sendable {
    private let cancellation: Cancellation
    private let task: Task<Void, Never>

    /// Begins it.
    init(into folder: URL, mailbox: Mailbox) {
        let cancellation = Cancellation()
        self.cancellation = cancellation
        task = Task {
            let download = ModelDownload(.standard, into: folder, cancellation: cancellation) { progress in
                switch progress {
                case .downloading(let bytes, let total): mailbox.post(.download(.progress(bytes: bytes, of: total)))
                case .checking: mailbox.post(.download(.checking))
                }
            }
            do {
                try await download.run()
                mailbox.post(.download(.finished))
            } catch is CancellationError {
                mailbox.post(.download(.stopped))
            } catch {
                mailbox.post(.download(.failed("\(error)")))
            }
        }
    }

    /// Returns at once; that it has stopped is told later.
    func stop() { cancellation.cancel() }

    /// Waits until nothing is left of it.
    func end() async {
        stop()
        await task.value
    }
}
