/// A text file sent with a message. Its text is as it was when the file was attached.
public struct Attachment: Sendable, Equatable {
    /// The file's name as the model sees it: as the user gave it, without folders above the working folder.
    public var name: String
    public var content: String
    /// Its size in the prompt, in tokens of the model it was attached for; nil if unknown.
    public var tokens: Int?

    public init(name: String, content: String, tokens: Int? = nil) {
        self.name = name
        self.content = content
        self.tokens = tokens
    }

    public var byteCount: Int { content.utf8.count }

    /// The file as it is in the prompt: the name, and the text in a fenced block, the form that models have seen most
    /// often.
    public var promptText: String {
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`") + 1))
        let suffix = name.split(separator: "/").last?.split(separator: ".").dropFirst().last ?? ""
        let language = suffix.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? suffix : ""
        let lineFeed = content.isEmpty || content.utf8.last == UInt8(ascii: "\n") ? "" : "\n"
        return "\(name):\n\(fence)\(language)\n\(content)\(lineFeed)\(fence)\n"
    }

    private func longestRun(of mark: Unicode.Scalar) -> Int {
        var longest = 0, run = 0
        for byte in content.utf8 {
            run = byte == UInt8(ascii: mark) ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

extension Message {
    /// What the model reads: the attached files, then the message's text.
    public var promptText: String {
        attachments.isEmpty ? content : attachments.map { $0.promptText + "\n" }.joined() + content
    }
}
