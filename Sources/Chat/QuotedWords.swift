/// Several words on one line: separated by spaces, with double quotes around words that contain spaces, and with the
/// escapes \n, \t, \" and \\.
public enum QuotedWords {
    /// nil if a quote is not closed or a backslash ends the line.
    public static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var characters = line.makeIterator()
        while let character = characters.next() {
            switch character {
            case "\\":
                guard let escaped = characters.next() else { return nil }
                word = (word ?? "") + (escapes[escaped] ?? "\\\(escaped)")
            case "\"":
                isQuoted.toggle()
                word = word ?? ""
            case _ where character.isWhitespace && !isQuoted:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return isQuoted ? nil : words
    }

    /// The text in quotes, which `split` turns back into one word.
    public static func quote(_ text: String) -> String {
        var result = "\""
        for character in text {
            switch character {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: result.append(character)
            }
        }
        return result + "\""
    }

    private static let escapes: [Character: String] = ["n": "\n", "t": "\t", "\"": "\"", "\\": "\\"]
}
