import Chat

/// Copying messages and code to the clipboard.
extension AppState {
    /// - Parameter name: names the text in the notice, which comes when it is known what was done.
    mutating func copy(_ text: String, as name: String) -> [Effect] {
        guard !text.isEmpty else {
            notify(.info, "Nothing to copy: \(name) is empty")
            return []
        }
        return [.copy(text, name: name)]
    }

    /// Copies a code block; repeated, the next one of the same message.
    mutating func copyCode(of message: Message) -> [Effect] {
        let blocks = CodeBlock.all(in: message.content)
        guard !blocks.isEmpty else {
            notify(.info, "There is no code block in this message")
            return []
        }
        let next = reading.copiedBlock.flatMap { $0.message == message.id ? $0.number + 1 : nil } ?? 0
        let number = next % blocks.count
        reading.copiedBlock = (message.id, number)
        return copy(blocks[number].text, as: blocks[number].name(number, of: blocks.count))
    }

    /// `/copy`: the latest reply; `/copy code [N]`: a code block in it, by default the last one.
    mutating func copyReply(_ words: String) throws(CommandError) -> [Effect] {
        let replies = session.record.conversation.path.filter { $0.role == .assistant }
        guard let reply = replies.last else { throw CommandError("There is no reply to copy yet") }
        if words.isEmpty { return copy(reply.content, as: "the reply") }
        let (what, number) = SlashCommandLine.split(words)
        guard what.lowercased() == "code" else {
            throw CommandError("Use /copy for the latest reply, or /copy code for its last code block")
        }
        let blocks = CodeBlock.all(in: reply.content)
        guard !blocks.isEmpty else { throw CommandError("There is no code block in the latest reply") }
        let index = number.isEmpty ? blocks.count : Int(number) ?? 0
        guard (1...blocks.count).contains(index) else {
            let count = Format.count(blocks.count, "code block")
            throw CommandError("The reply has \(count); there is no number \"\(number)\"")
        }
        return copy(blocks[index - 1].text, as: blocks[index - 1].name(index - 1, of: blocks.count))
    }
}
