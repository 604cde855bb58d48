import Chat
import Foundation

/// Where the user is in the conversation. Starts again when another session opens.
struct Reading: Sendable {
    var scroll = Scroll.following
    /// The message that keys act on; nil while they go to the input.
    var selection: Message.ID?
    var search: Search?
    private var lastClick: Click?
    /// The code block that was copied last.
    var copiedBlock: (message: Message.ID, number: Int)?

    /// - Returns: whether it is a double click.
    mutating func registerClick(on message: Message.ID, at time: Date) -> Bool {
        let isDouble =
            lastClick.map { $0.message == message && time.timeIntervalSince($0.time) < Click.interval } ?? false
        lastClick = Click(message: message, time: time)
        return isDouble
    }
}

/// A click on a message.
private struct Click: Sendable, Equatable {
    var message: Message.ID
    var time: Date

    /// Seconds within which a second click makes a double click.
    static let interval: TimeInterval = 0.5
}
