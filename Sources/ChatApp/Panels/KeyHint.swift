import TUI

/// What a key does, in a word or two, at the foot of a panel; a click on it is that key.
struct KeyHint: Sendable, ExpressibleByStringLiteral {
    let text: String
    /// nil where the text names no key, or several.
    let key: Key?

    init(text: String, key: Key?) {
        self.text = text
        self.key = key
    }

    init(_ key: Key, _ word: String) { self.init(text: "\(key) \(word)", key: key) }

    init(stringLiteral text: String) { self.init(text: text, key: nil) }

    var width: Int { DisplayWidth.of(text) }

    static let closes = KeyHint(.escape, "closes")
    static let goesBack = KeyHint(.escape, "goes back")
    /// Leads to what has no room here.
    static let more = KeyHint(.control("o"), "more")
}
