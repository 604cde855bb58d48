/// How long a transfer has been waiting for what comes next.
struct WaitClock {
    let limits: HTTPLimits
    private(set) var wait = HTTPWait.connect
    private var start = ContinuousClock.now

    init(_ limits: HTTPLimits) { self.limits = limits }

    /// Something arrived, or was sent: from now on this is waited for.
    mutating func restart(_ wait: HTTPWait) {
        self.wait = wait
        start = .now
    }

    /// Whether what is waited for has taken longer than its limit.
    var isOver: Bool {
        let limit: Duration? =
            switch wait {
            case .connect: limits.connect
            case .firstByte: limits.firstByte
            case .silence: limits.silence
            }
        return limit.map { start.duration(to: .now) >= $0 } ?? false
    }
}
