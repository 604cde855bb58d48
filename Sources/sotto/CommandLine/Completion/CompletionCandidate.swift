import TUI

/// One value that the shell offers.
struct CompletionCandidate {
    let value: String
    /// Shown next to the value by zsh and fish.
    let description: String

    init(_ value: String, _ description: String = "") {
        self.value = value
        self.description = description
    }

    /// As the shell scripts read it: value, tab, description.
    var line: String {
        let text = String(description.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        return text.isEmpty ? "\(value)\n" : "\(value)\t\(text)\n"
    }

    /// Whether a shell can insert the text as one argument: no control characters, and no mistaking it for an option.
    static func isCompletable(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-") && Sanitizer.visible(text) == text
    }
}
