/// A file that a session is written to.
public struct SessionExport: Sendable, Equatable {
    public enum Format: String, Sendable, CaseIterable {
        case markdown, json

        var fileExtension: String { self == .markdown ? "md" : "json" }
    }

    /// Relative to the working directory; may begin with "~/".
    public var file: String
    public var format: Format
    /// Whether the user did not name it: then another name is used if the file exists.
    public var isSuggested: Bool

    init(title: String, _ format: Format) {
        file = Self.suggestedName(title, format)
        self.format = format
        isSuggested = true
    }

    /// The format follows from the file's extension; a name without one is Markdown.
    init(file: String) throws(CommandError) {
        let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard !name.isEmpty else {
            throw CommandError("File name missing; give one such as chat.md or chat.json")
        }
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
        switch ending {
        case "md", "markdown": (self.file, format) = (file, .markdown)
        case "json": (self.file, format) = (file, .json)
        case nil: (self.file, format) = (file + ".md", .markdown)
        case let other?: throw CommandError("Unsupported format .\(other.prefix(10)); use .md or .json")
        }
        isSuggested = false
    }

    /// A file name from the letters, digits and blanks of a title.
    static func suggestedName(_ title: String, _ format: Format) -> String {
        let kept = title.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : " " }
        let words = String(kept).split(separator: " ").joined(separator: " ").prefix(60)
        return "\(words.isEmpty ? "session" : String(words)).\(format.fileExtension)"
    }
}
