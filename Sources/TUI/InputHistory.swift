/// The input history, for Up and Down and for searching. The draft counts as the newest entry and is never lost.
public struct InputHistory: Sendable, Equatable {
    /// Oldest first.
    public private(set) var entries: [String]
    private var draft = ""
    /// Edited entries, until something is sent.
    private var changed: [Int: String] = [:]
    /// The index of the entry shown; `entries.count` is the draft.
    private var position: Int
    /// The number of latest entries that `takeNew` has not returned.
    private var newCount = 0

    public static let limit = 1000

    /// - Parameter entries: what was sent in earlier runs, oldest first.
    public init(_ entries: [String] = []) {
        self.entries = entries.suffix(Self.limit)
        position = self.entries.count
    }

    /// Adds what was sent and returns to the draft.
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

    /// The entries added since the last call.
    public mutating func takeNew() -> [String] {
        defer { newCount = 0 }
        return newCount == 0 ? [] : Array(entries.suffix(newCount))
    }

    /// The previous entry; nil at the oldest. `current` is the text now in the input.
    public mutating func older(than current: String) -> String? {
        guard position > 0 else { return nil }
        return show(position - 1, insteadOf: current)
    }

    /// The next entry, or finally the draft; nil if the draft is already shown.
    public mutating func newer(than current: String) -> String? {
        guard position < entries.count else { return nil }
        keep(current)
        position += 1
        return position == entries.count ? draft : text(at: position)
    }

    /// Moves to an entry; Up and Down continue from there.
    public mutating func show(_ index: Int, insteadOf current: String) -> String? {
        guard entries.indices.contains(index) else { return nil }
        keep(current)
        position = index
        return text(at: index)
    }

    private func text(at index: Int) -> String { changed[index] ?? entries[index] }

    /// As in readline, a change to an entry lasts until something is sent.
    private mutating func keep(_ current: String) {
        if position == entries.count {
            draft = current
        } else {
            changed[position] = current == entries[position] ? nil : current
        }
    }

    // MARK: Searching

    /// The latest entry before `index` that contains `query`, or, if `forward`, the first one after it.
    public func entry(holding query: String, from index: Int, forward: Bool = false) -> Int? {
        let indices = forward ? Array(entries.indices.dropFirst(index + 1)) : entries.indices.prefix(index).reversed()
        return indices.first { Self.range(of: query, in: entries[$0]) != nil }
    }

    /// The range of `query` in an entry, in characters. Ignores case unless the query has capitals. Does not search the
    /// end of a very long entry.
    public static func range(of query: String, in entry: String) -> Range<Int>? {
        guard !query.isEmpty else { return 0..<0 }
        let ignoresCase = !query.contains(where: \.isUppercase)
        let pattern = Array(query)
        let text = Array(entry.prefix(searchLimit))
        guard pattern.count <= text.count else { return nil }
        func isSame(_ a: Character, _ b: Character) -> Bool {
            a == b || ignoresCase && a.lowercased() == b.lowercased()
        }
        let start = (0...text.count - pattern.count).first { start in
            pattern.indices.allSatisfy { isSame(text[start + $0], pattern[$0]) }
        }
        return start.map { $0..<$0 + pattern.count }
    }

    private static let searchLimit = 10_000
}
