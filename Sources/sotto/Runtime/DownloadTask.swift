import Chat
import ChatApp
import Foundation
import Providers

/// The running download of the default model. Posts its progress.
struct DownloadTask: Sendable {
    private let cancellation: Cancellation
    private let task: Task<Void, Never>
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

    /// Returns at once; an event is posted when the download has stopped.
    func stop() { cancellation.cancel() }

    /// Stops the download and waits until its files are removed.
    func end() async {
        stop()
        await task.value
    }
}
