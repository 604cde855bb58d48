/// What was sent before, for Up and Down; the text being written is the newest entry and is never lost.
public struct InputHistory: Sendable, Equatable {
    private var entries: [String] = []
    private var draft = ""
    /// Which entry is shown; `entries.count` is the draft.
    private var position = 0
    private static let limit = 1000

    public init() {}

    /// Adds what was sent and stands at the draft again.
    public mutating func add(_ text: String) {
        if entries.last != text { entries.append(text) }
        if entries.count > Self.limit { entries.removeFirst() }
        position = entries.count
        draft = ""
    }

    /// The entry before; nil at the oldest. `current` is what stands in the input now.
    public mutating func older(than current: String) -> String? {
        guard position > 0 else { return nil }
        keep(current)
        position -= 1
        return entries[position]
    }

    /// The entry after, at last the draft; nil when that is shown already.
    public mutating func newer(than current: String) -> String? {
        guard position < entries.count else { return nil }
        keep(current)
        position += 1
        return position == entries.count ? draft : entries[position]
    }

    /// An edited entry stays edited only as a draft.
    private mutating func keep(_ current: String) {
        if position == entries.count { draft = current }
    }
}
