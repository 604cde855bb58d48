import Chat
import TUI

/// A reply token by token: how likely each was, what else could have stood there, and a way on from any of that.
struct TokenPanel: Sendable {
    let message: Message.ID
    /// The token looked at.
    var cursor = 0
    /// Among its `choices`; nil for the one that was taken.
    var choice: Int?
    /// Why nothing can be shown.
    var problem: String?
}

/// What keys do in a reply's tokens.
enum TokenAction: Sendable, Equatable {
    case move(Int), line(Int), page(Int), first, last
    /// To a token that was not the likely one to come.
    case doubt(Int)
    case choose(Int), branch, colours
    /// An alternative by its number, from 1.
    case pick(Int)
}

extension ReplyToken {
    /// What could stand here: the likeliest, and the one that was taken where it is not among them.
    var choices: [TokenChoice] {
        alternatives.contains { $0.id == chosen.id } ? alternatives : alternatives + [chosen]
    }

    /// Where among its choices the token itself stands.
    var place: Int { choices.firstIndex { $0.id == chosen.id } ?? 0 }
}

extension AppState {
    /// `/tokens`: the token view of the last reply; `on` and `off` colour the conversation.
    mutating func showTokens(_ word: String) throws(CommandError) -> [Effect] {
        switch word.lowercased() {
        case "": break
        case "on", "off":
            if screen.showsProbabilities != (word.lowercased() == "on") { toggleProbabilities() }
            return []
        default: throw CommandError("/tokens takes on or off, or nothing to look at the last reply")
        }
        guard let message = session.record.conversation.path.last(where: { $0.role == .assistant }) else {
            throw CommandError("there is no reply yet whose tokens could be shown")
        }
        showTokens(of: message)
        return []
    }

    mutating func showTokens(of message: Message) {
        guard message.role == .assistant else { return notify(.info, "tokens are shown of replies only") }
        screen.panel = .tokens(TokenPanel(message: message.id))
    }

    mutating func toggleProbabilities() {
        screen.showsProbabilities.toggle()
        let has = session.record.conversation.path.contains { session.tokens[$0.id] != nil }
        let explanation =
            has || session.reply != nil ? "" : "; t on a reply reads the probabilities of one that has none yet"
        notify(
            .info, screen.showsProbabilities ? "replies are coloured by probability\(explanation)" : "colours are off")
    }

    mutating func perform(_ action: TokenAction) -> [Effect] {
        guard case .tokens(var panel) = self.screen.panel else { return [] }
        guard let tokens = session.tokens[panel.message]?.tokens, let view = TokenPanelLayout(panel, self) else {
            // Once more, where it went wrong.
            if action == .branch, panel.problem != nil {
                self.screen.panel = .tokens(TokenPanel(message: panel.message))
            }
            return []
        }
        let cursor = view.cursor
        let choices = tokens[cursor].choices
        let chosen = view.selected
        var next = cursor
        switch action {
        case .move(let step): next = cursor + step
        case .line(let step): next = view.token(linesFromCursor: step)
        case .page(let step): next = view.token(linesFromCursor: step * view.textHeight)
        case .first: next = 0
        case .last: next = tokens.count - 1
        case .doubt(let step):
            let others = step > 0 ? Array(cursor + 1..<tokens.count) : (0..<cursor).reversed()
            next = others.first { tokens[$0].chosen.before < 0.5 } ?? cursor
        case .choose(let step): panel.choice = max(0, min(chosen + step, choices.count - 1))
        case .pick(let number): if choices.indices.contains(number - 1) { panel.choice = number - 1 }
        case .colours: toggleProbabilities()
        case .branch: return branchReply(panel.message, after: cursor, with: choices[chosen])
        }
        panel.cursor = max(0, min(next, tokens.count - 1))
        if panel.cursor != cursor { panel.choice = nil }
        self.screen.panel = .tokens(panel)
        return []
    }

    /// A click chooses a token or an alternative.
    mutating func click(_ point: Point, in panel: TokenPanel) {
        guard let view = TokenPanelLayout(panel, self) else { return }
        var panel = panel
        if let token = view.token(at: point) {
            panel.cursor = token
            panel.choice = nil
        } else if let choice = view.choice(at: point) {
            panel.choice = choice
        }
        self.screen.panel = .tokens(panel)
    }
}
