import Chat

/// Putting what was said on the clipboard.
extension AppState {
    /// - Parameter name: what it is, for the remark that it was copied.
    mutating func copy(_ text: String, as name: String) -> [Effect] {
        guard !text.isEmpty else {
            notify(.info, "\(name) is empty")
            return []
        }
        notify(.info, "copied \(name): \(Format.count(text.count, "character"))")
        return [.copy(text)]
    }

    /// Copies a block of code; asked again, the next one of the same message.
    mutating func copyCode(of message: Message) -> [Effect] {
        let blocks = CodeBlock.all(in: message.content)
        guard !blocks.isEmpty else {
            notify(.info, "there is no block of code in this message")
            return []
        }
        let next = reading.copiedBlock.flatMap { $0.message == message.id ? $0.number + 1 : nil } ?? 0
        let number = next % blocks.count
        reading.copiedBlock = (message.id, number)
        return copy(blocks[number].text, as: blocks[number].name(number, of: blocks.count))
    }

    /// `/copy`: the latest reply, or `code` and perhaps a number: a block of code in it, else the last one.
    mutating func copyReply(_ words: String) throws(CommandError) -> [Effect] {
        let replies = session.record.conversation.path.filter { $0.role == .assistant }
        guard let reply = replies.last else { throw CommandError("there is no reply to copy yet") }
        if words.isEmpty { return copy(reply.content, as: "the reply") }
        let (what, number) = CommandLine.split(words)
        guard what.lowercased() == "code" else {
            throw CommandError("/copy copies the latest reply, /copy code its last block of code")
        }
        let blocks = CodeBlock.all(in: reply.content)
        guard !blocks.isEmpty else { throw CommandError("there is no block of code in the latest reply") }
        let index = number.isEmpty ? blocks.count : Int(number) ?? 0
        guard (1...blocks.count).contains(index) else {
            throw CommandError("the reply's blocks of code have the numbers 1 to \(blocks.count), not '\(number)'")
        }
        return copy(blocks[index - 1].text, as: blocks[index - 1].name(index - 1, of: blocks.count))
    }
}

/// A fenced block of code in a message.
struct CodeBlock: Equatable {
    /// As the fence names it; empty where it does not.
    var language: String
    /// Without the fences, each line ended.
    var text: String

    /// In the order in which they stand. One that is still open reaches to the end.
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

    func name(_ index: Int, of count: Int) -> String {
        let place = count == 1 ? "the block of code" : "block \(index + 1) of \(count)"
        return language.isEmpty ? place : "\(place) (\(language))"
    }
}
