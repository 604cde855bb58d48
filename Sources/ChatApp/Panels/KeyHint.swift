import TUI

/// A key and what it does in a word or two, at the bottom of a panel. A click on it presses the key.
struct KeyHint: Sendable, ExpressibleByStringLiteral {
    let text: String
    /// nil if the text names no key, or several.
    let key: Key?

    init(text: String, key: Key?) {
        self.text = text
        self.key = key
    }

    init(_ key: Key, _ word: String) { self.init(text: "\(key == .delete ? "Del" : "\(key)") \(word)", key: key) }

    init(stringLiteral text: String) { self.init(text: text, key: nil) }

    var width: Int { DisplayWidth.of(text) }

    static let close = KeyHint(.escape, "close")
    static let back = KeyHint(.escape, "back")
    /// Shows what has no room here.
    static let more = KeyHint(.control("o"), "more")
}
