import Chat
import HTTP

/// When to try again after an interruption.
struct Retries {
    private let conditions: PullConditions
    private var tries = 0
    private var bytes = 0

    init(_ conditions: PullConditions) { self.conditions = conditions }

    /// A try has brought this many bytes. Enough of them show that the connection is slow or fragile but works.
    mutating func note(progress: Int) {
        bytes += max(0, progress)
        guard bytes >= conditions.progressBytes else { return }
        bytes = 0
        tries = 0
    }

    /// Returns when it is time for the next try.
    ///
    /// - Throws: the error itself if another try would not help or there were enough; `.cancelled`.
    mutating func wait(after error: PullError, _ cancellation: Cancellation) async throws(PullError) {
        guard error.isTransient, tries < conditions.waits.count else { throw error }
        let end = ContinuousClock.now + conditions.waits[tries]
        tries += 1
        while ContinuousClock.now < end {
            guard !cancellation.isCancelled, !Task.isCancelled else { throw .cancelled }
            try? await Task.sleep(for: min(.milliseconds(50), ContinuousClock.now.duration(to: end)))
        }
    }
}

extension PullError {
    /// Whether the same request may succeed a little later.
    fileprivate var isTransient: Bool {
        switch self {
        case .network(.cut), .network(.timedOut), .network(.refused), .network(.unreachable), .network(.cannotResolve):
            true
        case .status(_, let code): [408, 425, 429, 500, 502, 503, 504].contains(code)
        default: false
        }
    }
}
