/// A line for the user: what happened, and after a problem, what to do.
public struct Notice: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Disappears after a few seconds.
        case info
        /// Stay until Esc or the next message.
        case warning, error
    }

    /// What a notice is about. When that changes the notice is no longer true, and is withdrawn.
    public enum Cause: Sendable, Equatable {
        /// What the user asked for last: withdrawn by the next request.
        case request
        /// The draft: by an edit, or a model or context of another size.
        case draft
        /// How a reply ended: by another reply, or another branch.
        case reply
        /// A service that lets a reply wait: when it answers.
        case waiting
        /// The running reply: when it ends.
        case running
        /// That the session is not on disk: when it is.
        case saving
        /// The open session: when another one opens.
        case session
        /// The session's model: by another one, or when it works.
        case model
        /// That models could not be listed: when they are.
        case listing
        /// An address or a download: by another one.
        case pull
        /// The theme's file: when it is read again.
        case theme
        /// That Ctrl-C quits: by any other key.
        case quitting
        /// The program or its files: only by the user.
        case program
    }

    public var kind: Kind
    public var text: String
    public var cause: Cause

    public init(_ kind: Kind, _ text: String, cause: Cause = .request) {
        self.kind = kind
        self.text = text
        self.cause = cause
    }

    /// How long an `info` is shown.
    static let lifetime = Duration.seconds(6)
}

/// Notices for the user: a passing one, and the warnings and errors that wait to be seen, oldest first.
public struct NoticeQueue: Sendable {
    /// An `info`; shown before those that wait.
    public private(set) var passing: Notice?
    public var waiting: [Notice] { entries.map(\.notice) }
    private var entries: [(notice: Notice, number: Int)] = []
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
    public var current: Notice? { passing ?? entries.last?.notice }
    /// How many are to be seen after it.
    var behind: Int { entries.count - (passing == nil && !entries.isEmpty ? 1 : 0) }

    /// Shows the next part of the current notice.
    mutating func turn(now: ContinuousClock.Instant) {
        part += 1
        if passing != nil { expiry = now + Notice.lifetime }
    }

    mutating func add(_ notice: Notice, now: ContinuousClock.Instant) {
        part = 0
        if notice.cause.hasOneNotice { entries.removeAll { $0.notice.cause == notice.cause && $0.notice != notice } }
        switch notice.kind {
        case .info:
            passing = notice
            expiry = now + Notice.lifetime
        case .warning, .error:
            dropPassing()
            if waiting.last == notice { return }
            entries.removeAll { $0.notice == notice }
            entries.append((notice, total))
        }
        log.append(notice)
        total += 1
        if log.count > Self.logLimit { log.removeFirst() }
    }

    mutating func dismiss() {
        part = 0
        if passing != nil {
            dropPassing()
        } else if !entries.isEmpty {
            entries.removeLast()
        }
    }

    /// Removes notices that are no longer true.
    ///
    /// - Parameter number: only notices before this one, by `total`; nil for all.
    mutating func withdraw(_ causes: Notice.Cause..., before number: Int? = nil) {
        withdraw(before: number) { causes.contains($0) }
    }

    /// Removes what is about the session that is left.
    mutating func withdrawSession() { withdraw(before: nil, where: \.isAboutSession) }

    private mutating func withdraw(before number: Int?, where isGone: (Notice.Cause) -> Bool) {
        let shown = current
        if let passing, isGone(passing.cause), number.map({ total - 1 < $0 }) ?? true { dropPassing() }
        entries.removeAll { isGone($0.notice.cause) && $0.number < number ?? .max }
        if current != shown { part = 0 }
    }

    mutating func dismissAll() {
        part = 0
        dropPassing()
        entries = []
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

extension Notice.Cause {
    /// Whether a later notice about it replaces the earlier one.
    fileprivate var hasOneNotice: Bool {
        switch self {
        case .request, .draft, .saving, .listing, .pull: true
        case .reply, .waiting, .running, .session, .model, .theme, .quitting, .program: false
        }
    }

    fileprivate var isAboutSession: Bool {
        switch self {
        case .request, .draft, .reply, .waiting, .running, .saving, .session, .model, .quitting: true
        case .listing, .pull, .theme, .program: false
        }
    }
}
