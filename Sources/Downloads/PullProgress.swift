import Chat
import Synchronization

/// Adds up the bytes of all files, and reports them about ten times a second.
final class PullProgress: Sendable {
    private struct State {
        /// Of files that are complete.
        var finished = 0
        /// Of the file that is being fetched.
        var current = 0
        var last: ContinuousClock.Instant?
    }

    private static let interval = Duration.milliseconds(100)
    private let total: Int?
    private let report: @Sendable (PullEvent) -> Void
    private let state = Mutex(State())

    /// - Parameter total: bytes of all files.
    init(total: Int?, report: @escaping @Sendable (PullEvent) -> Void) {
        self.total = total
        self.report = report
    }

    /// The current file has so many bytes now.
    func update(bytes: Int) {
        let now = ContinuousClock.now
        let sum: Int? = state.withLock { state in
            state.current = bytes
            if let last = state.last, last.duration(to: now) < Self.interval { return nil }
            state.last = now
            return state.finished + bytes
        }
        if let sum { report(.progress(bytes: sum, of: total)) }
    }

    /// The current file is complete.
    func finishFile() {
        let sum = state.withLock { state in
            state.finished += state.current
            state.current = 0
            return state.finished
        }
        report(.progress(bytes: sum, of: total))
    }
}
