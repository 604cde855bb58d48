/// Where key presses go, which decides what a key does. Panels with keys of their own add a context each.
struct KeyContext: Hashable, Sendable {
    let name: String
    /// Whether a panel is open.
    var isPanel = false
    /// Whether typed characters go into a line that can be edited.
    var hasLine = false

    /// The draft.
    static let input = KeyContext(name: "input", hasLine: true)
    /// The selected message.
    static let message = KeyContext(name: "message")
    /// The search field.
    static let search = KeyContext(name: "search", hasLine: true)
    /// The search in the message history.
    static let history = KeyContext(name: "history")
    /// The suggestions for what is typed.
    static let completion = KeyContext(name: "completion")
    /// A list, which is filtered by typing.
    static let list = KeyContext(name: "list", isPanel: true, hasLine: true)
    /// A question that a list asks.
    static let prompt = KeyContext(name: "prompt", isPanel: true, hasLine: true)
    /// A text to read.
    static let text = KeyContext(name: "text", isPanel: true)
}
