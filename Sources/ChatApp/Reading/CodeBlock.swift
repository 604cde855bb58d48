/// A fenced code block in a message.
struct CodeBlock: Equatable {
    /// The language that the fence names; empty if it names none.
    var language: String
    /// Without the fences, each line with a line break.
    var text: String

    /// In the order of the text. An unclosed block extends to the end.
    static func all(in markdown: String) -> [CodeBlock] {
        var blocks: [CodeBlock] = []
        var open: (fence: Substring, indent: Int)?
        for line in markdown.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            let mark = content.first ?? " "
            let fence = content.prefix { $0 == mark }
            let isFence = (mark == "`" || mark == "~") && fence.count >= 3
            if let (opening, outer) = open {
                if isFence, fence.hasPrefix(opening), content.dropFirst(fence.count).allSatisfy({ $0 == " " }) {
                    open = nil
                } else {
                    blocks[blocks.count - 1].text += line.dropFirst(min(indent, outer)) + "\n"
                }
            } else if isFence, mark == "~" || !content.dropFirst(fence.count).contains("`") {
                open = (fence, indent)
                blocks.append(CodeBlock(language: content.dropFirst(fence.count).trimmed, text: ""))
            }
        }
        return blocks
    }

    /// - Parameter index: of the block among all `count` of its message.
    func name(_ index: Int, of count: Int) -> String {
        let place = count == 1 ? "the code block" : "code block \(index + 1) of \(count)"
        return language.isEmpty ? place : "\(place) (\(language))"
    }
}
