/// Killed texts, latest last. Consecutive kills are one text.
struct KillRing: Sendable, Equatable {
    private(set) var texts: [String] = []
    private static let limit = 60

    mutating func push(_ text: String) {
        texts.append(text)
        if texts.count > Self.limit { texts.removeFirst() }
    }

    mutating func extend(_ text: String, backward: Bool) {
        guard let last = texts.popLast() else { return push(text) }
        texts.append(backward ? text + last : last + text)
    }

    /// Moves the latest text to the end of the ring, so that the one before it becomes the latest.
    mutating func rotate() {
        if let last = texts.popLast() { texts.insert(last, at: 0) }
    }
}

extension TextEditor {
    mutating func kill(to position: Position) {
        guard position != cursor else { return }
        let continues = lastAction == .kill
        let backward = position < cursor
        beginStep(.kill)
        let removed = remove(to: position)
        if continues { killRing.extend(removed, backward: backward) } else { killRing.push(removed) }
    }

    mutating func yank() {
        guard let text = killRing.texts.last else { return }
        beginStep(.yank)
        replace(from: cursor, to: cursor, with: text)
    }

    /// Directly after a yank: replaces it with the previous kill.
    mutating func yankPop() {
        guard lastAction == .yank, killRing.texts.count > 1 else { return }
        undo()
        killRing.rotate()
        yank()
    }
}
