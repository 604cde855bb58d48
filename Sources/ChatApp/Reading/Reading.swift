import Chat

/// Where the user is in the conversation. Starts again when another session opens.
struct Reading: Sendable {
    var scroll = Scroll.following
    /// The message that keys act on; nil while they go to the input.
    var selection: Message.ID?
    var search: Search?
    var lastClick: Click?
    /// The code block that was copied last.
    var copiedBlock: (message: Message.ID, number: Int)?
}
