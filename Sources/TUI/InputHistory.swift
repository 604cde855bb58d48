/// What was sent before, for Up and Down and for searching; the text being written is the newest entry and is never
/// lost.
public struct InputHistory: Sendable, Equatable {
    /// The oldest first.
    public private(set) var entries: [String]
    private var draft = ""
    /// Entries as they were changed since something was sent.
    private var changed: [Int: String] = [:]
    /// Which entry is shown; `entries.count` is the draft.
    private var position: Int
    /// How many of the latest entries have not been taken by `takeNew`.
    private var newCount = 0

    public static let limit = 1000

    /// - Parameter entries: what was sent in earlier runs, the oldest first.
    public init(_ entries: [String] = []) {
        self.entries = entries.suffix(Self.limit)
        position = self.entries.count
    }

    /// Adds what was sent and stands at the draft again.
    public mutating func add(_ text: String) {
        if entries.last != text {
            entries.append(text)
            newCount += 1
        }
        if entries.count > Self.limit { entries.removeFirst() }
        position = entries.count
        draft = ""
        changed = [:]
    }

    /// What was added since the last call.
    public mutating func takeNew() -> [String] {
        defer { newCount = 0 }
        return newCount == 0 ? [] : Array(entries.suffix(newCount))
    }

    /// The entry before; nil at the oldest. `current` is what stands in the input now.
    public mutating func older(than current: String) -> String? {
        guard position > 0 else { return nil }
        return show(position - 1, insteadOf: current)
    }

    /// The entry after, at last the draft; nil when that is shown already.
    public mutating func newer(than current: String) -> String? {
        guard position < entries.count else { return nil }
        keep(current)
        position += 1
        return position == entries.count ? draft : shown(position)
    }

    /// Goes to an entry; Up and Down go on from there.
    public mutating func show(_ index: Int, insteadOf current: String) -> String? {
        guard entries.indices.contains(index) else { return nil }
        keep(current)
        position = index
        return shown(index)
    }

    private func shown(_ index: Int) -> String { changed[index] ?? entries[index] }

    /// As in readline, a change to an entry stays until something is sent.
    private mutating func keep(_ current: String) {
        if position == entries.count {
            draft = current
        } else {
            changed[position] = current == entries[position] ? nil : current
        }
    }

    // MARK: Searching

    /// The latest entry before `index` that holds a text; after it, the first one, where `forward`.
    public func entry(holding query: String, from index: Int, forward: Bool = false) -> Int? {
        let indices = forward ? Array(entries.indices.dropFirst(index + 1)) : entries.indices.prefix(index).reversed()
        return indices.first { Self.range(of: query, in: entries[$0]) != nil }
    }

    /// Where a text stands in an entry, in characters. Capitals count only where there are some in the query. The end of
    /// a very long entry is not looked at.
    public static func range(of query: String, in entry: String) -> Range<Int>? {
        guard !query.isEmpty else { return 0..<0 }
        let ignoresCase = !query.contains(where: \.isUppercase)
        let wanted = Array(query)
        let text = Array(entry.prefix(searchLimit))
        guard wanted.count <= text.count else { return nil }
        func isSame(_ a: Character, _ b: Character) -> Bool {
            a == b || ignoresCase && a.lowercased() == b.lowercased()
        }
        let start = (0...text.count - wanted.count).first { start in
            wanted.indices.allSatisfy { isSame(text[start + $0], wanted[$0]) }
        }
        return start.map { $0..<$0 + wanted.count }
    }

    private static let searchLimit = 10_000
}
