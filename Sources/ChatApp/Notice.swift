import Foundation

/// One line for the person: what happened, and where something went wrong what to do.
public struct Notice: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Leaves by itself after a few seconds.
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

    /// Seconds that an `info` stays on the screen.
    static let lifetime: TimeInterval = 6
}

/// The notices that wait to be seen, oldest first, and all of the past ones for `/show notices`.
public struct NoticeQueue: Sendable {
    public private(set) var waiting: [Notice] = []
    public private(set) var log: [Notice] = []
    /// When the shown one leaves by itself; nil when it stays.
    private(set) var expiry: Date?

    /// The one to show now.
    public var current: Notice? { waiting.first }

    mutating func add(_ notice: Notice, now: Date) {
        guard waiting.last != notice else { return }
        // A passing remark makes room at once for whatever is new.
        if waiting.last?.kind == .info { waiting.removeLast() }
        waiting.append(notice)
        log.append(notice)
        if log.count > 200 { log.removeFirst() }
        schedule(now)
    }

    mutating func dismiss(now: Date) {
        guard !waiting.isEmpty else { return }
        waiting.removeFirst()
        schedule(now)
    }

    mutating func dismissAll() {
        waiting = []
        expiry = nil
    }

    mutating func expire(now: Date) {
        if let expiry, now >= expiry { dismiss(now: now) }
    }

    private mutating func schedule(_ now: Date) {
        expiry = current?.kind == .info ? now + Notice.lifetime : nil
    }
}
