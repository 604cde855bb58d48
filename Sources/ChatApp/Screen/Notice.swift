/// A line for the user: what happened, and after a problem, what to do.
public struct Notice: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Disappears after a few seconds.
        case info
        /// Stay until Esc or the next message.
        case warning, error
    }

    public var kind: Kind
    public var text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// How long an `info` is shown.
    static let lifetime = Duration.seconds(6)
}

/// Notices for the user: a passing one, and the warnings and errors that wait to be seen, oldest first.
public struct NoticeQueue: Sendable {
    /// An `info`; shown before those that wait.
    public private(set) var passing: Notice?
    public private(set) var waiting: [Notice] = []
    /// All past notices, for `/show notices`.
    public private(set) var log: [Notice] = []
    /// How many there have been.
    private(set) var total = 0
    /// Which part is shown of a notice that needs more lines than there are, from 0.
    private(set) var part = 0
    /// When the passing one disappears.
    private(set) var expiry: ContinuousClock.Instant?

    private static let logLimit = 200

    /// The one to show now: the latest, since it answers what was just done.
    public var current: Notice? { passing ?? waiting.last }
    /// How many are to be seen after it.
    var behind: Int { waiting.count - (passing == nil && !waiting.isEmpty ? 1 : 0) }

    /// Shows the next part of the current notice.
    mutating func turn(now: ContinuousClock.Instant) {
        part += 1
        if passing != nil { expiry = now + Notice.lifetime }
    }

    mutating func add(_ notice: Notice, now: ContinuousClock.Instant) {
        part = 0
        switch notice.kind {
        case .info:
            passing = notice
            expiry = now + Notice.lifetime
        case .warning, .error:
            dropPassing()
            if waiting.last == notice { return }
            waiting.removeAll { $0 == notice }
            waiting.append(notice)
        }
        log.append(notice)
        total += 1
        if log.count > Self.logLimit { log.removeFirst() }
    }

    mutating func dismiss() {
        part = 0
        if passing != nil {
            dropPassing()
        } else if !waiting.isEmpty {
            waiting.removeLast()
        }
    }

    /// Removes a passing notice that begins like this, because it is no longer true.
    mutating func withdraw(_ beginning: String) {
        guard let passing, passing.text.hasPrefix(beginning) else { return }
        part = 0
        dropPassing()
    }

    mutating func dismissAll() {
        part = 0
        dropPassing()
        waiting = []
    }

    mutating func expire(now: ContinuousClock.Instant) {
        guard let expiry, now >= expiry else { return }
        part = 0
        dropPassing()
    }

    private mutating func dropPassing() {
        passing = nil
        expiry = nil
    }
}
