import Chat

extension AppState {
    /// `/tokens`: opens the tokens of the last reply; `on` and `off` colour the conversation.
    mutating func showTokens(_ word: String) throws(CommandError) -> [Effect] {
        switch word.lowercased() {
        case "": break
        case "on", "off":
            if screen.showsProbabilities != (word.lowercased() == "on") { toggleProbabilities() }
            return []
        default: throw CommandError("/tokens takes on or off, or nothing to show the tokens of the last reply")
        }
        guard let message = session.record.conversation.path.last(where: { $0.role == .assistant }) else {
            throw CommandError("No reply yet whose tokens could be shown")
        }
        openTokens(of: message)
        return []
    }

    mutating func openTokens(of message: Message) {
        guard message.role == .assistant else { return notify(.info, "Only replies have token probabilities") }
        screen.panels.push(TokenPanel(of: message.id))
    }

    mutating func toggleProbabilities() {
        screen.showsProbabilities.toggle()
        let areKnown = session.record.conversation.path.contains { session.tokens[$0.id] != nil }
        let hint = areKnown || session.reply != nil ? "" : "; press t on a reply to compute its probabilities"
        notify(
            .info, screen.showsProbabilities ? "Replies are coloured by token probability\(hint)" : "Colours are off")
    }
}
