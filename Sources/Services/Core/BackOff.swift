/// When to repeat a request that a service was too busy for, or that did not reach it.
struct BackOff: Sendable {
    /// Tries after the first one.
    static let limit = 5
    /// Nobody waits longer than this for a next try, in seconds; the error is reported instead.
    static let longestWait = 120.0

    private var tries = 0

    /// Seconds to wait; nil if another try would not help. Without an answer from the service: 1, 2, 4, 8 and 16 seconds
    /// and up to a quarter more, so that many clients do not return at once.
    mutating func next(after error: ServiceError) -> Double? {
        guard error.isTransient, tries < Self.limit else { return nil }
        tries += 1
        let own = Double(1 << (tries - 1)) * Double.random(in: 1...1.25)
        guard case .busy(_, _, _, let asked?) = error else { return own }
        return asked <= Self.longestWait ? max(asked, 0.1) : nil
    }
}

extension ServiceError {
    /// Whether the same request may succeed a little later.
    fileprivate var isTransient: Bool {
        switch self {
        case .busy: true
        // A connection that broke before the reply began. A refused one, a wrong name or certificate stay that way.
        case .cut: true
        default: false
        }
    }
}
