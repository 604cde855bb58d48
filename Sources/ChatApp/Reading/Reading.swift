import Chat

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
    mutating func registerClick(on message: Message.ID, at time: ContinuousClock.Instant) -> Bool {
        let isDouble =
            lastClick.map { $0.message == message && $0.time.duration(to: time) < Click.interval } ?? false
        lastClick = Click(message: message, time: time)
        return isDouble
    }
}

/// A click on a message.
private struct Click: Sendable, Equatable {
    var message: Message.ID
    var time: ContinuousClock.Instant

    /// The time within which a second click makes a double click.
    static let interval = Duration.milliseconds(500)
}
