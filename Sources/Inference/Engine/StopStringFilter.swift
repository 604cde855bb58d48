/// Ends a reply at a stop string without ever showing part of one.
///
/// A stop string can begin in one token and end in another, so text that may become one is held back, and only that.
package struct StopStringFilter {
    package struct Output: Equatable {
        /// The text that can be shown.
        package var text: String
        /// Whether there was a stop string. It and everything after it are dropped.
        package var stopped: Bool
    }

    private var held: [UInt8] = []

    package init() {}

    /// Adds the next piece of the reply.
    ///
    /// - Parameter stops: may change from one call to the next; empty strings are ignored.
    package mutating func push(_ text: String, stops: [String]) -> Output {
        held += text.utf8
        let stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
        if let end = stops.compactMap(firstPosition).min() {
            let shown = String(decoding: held[..<end], as: UTF8.self)
            held = []
            return Output(text: shown, stopped: true)
        }
        let waiting = stops.map(longestBeginning).max() ?? 0
        let shown = String(decoding: held.dropLast(waiting), as: UTF8.self)
        held.removeFirst(held.count - waiting)
        return Output(text: shown, stopped: false)
    }

    /// The text that was held back and did not become a stop string.
    package mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    private func firstPosition(of stop: [UInt8]) -> Int? {
        guard stop.count <= held.count else { return nil }
        return (0...held.count - stop.count).first { held[$0...].starts(with: stop) }
    }

    /// Length of the longest suffix of the held text that is a proper prefix of the stop string. Such a suffix starts
    /// with the stop string's first byte, so it never cuts a character.
    private func longestBeginning(of stop: [UInt8]) -> Int {
        let longest = min(stop.count - 1, held.count)
        return (0...max(0, longest)).last { held.suffix($0).elementsEqual(stop[..<$0]) } ?? 0
    }
}
