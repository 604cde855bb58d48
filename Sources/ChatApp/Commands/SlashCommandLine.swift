/// The parts of a line that starts with a slash.
enum SlashCommandLine {
    /// The name after the slash, and what follows it without the whitespace around it.
    static func split(_ line: String) -> (name: String, arguments: String) {
        let body = line.drop { $0 == "/" }
        let name = body.prefix { !$0.isWhitespace }
        return (String(name), body.dropFirst(name.count).trimmed)
    }
}

extension Substring {
    /// Without the whitespace at both ends.
    var trimmed: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
