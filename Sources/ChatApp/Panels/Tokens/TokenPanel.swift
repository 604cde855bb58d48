import Chat
import Replies
import TUI

/// The tokens of a reply: how likely each was, its alternatives, and branching from any of them.
struct TokenPanel: Panel {
    let message: Message.ID
    private var cursor = 0
    /// The selected one of the cursor's `choices`; nil for the token of the reply.
    private var choice: Int?
    /// Why the tokens could not be computed.
    private var problem: String?

    init(of message: Message.ID) { self.message = message }

    var kind: PanelKind { .tokens }

    private func layout(_ state: AppState) -> TokenPanelLayout? {
        TokenPanelLayout(of: message, cursor: cursor, choice: choice, state)
    }

    // MARK: Keys and mouse

    enum Action: Hashable, Sendable {
        /// Moves the cursor by tokens.
        case moveCursor(Int)
        /// Moves the cursor to another token of low probability.
        case nextUncertain(Int)
        /// Selects another alternative.
        case moveChoice(Int)
        /// Selects an alternative by its number, from 1.
        case pick(Int)
        case branch, toggleColors
    }

    fileprivate static let keys: [KeyRow] =
        [
            KeyRow(.tokens, [.left, "h"], .own(Action.moveCursor(-1)), "previous token"),
            KeyRow(.tokens, [.right, "l"], .own(Action.moveCursor(1)), "next token"),
            KeyRow(.tokens, [.up], .own(Action.moveChoice(-1)), "previous alternative"),
            KeyRow(.tokens, [.down], .own(Action.moveChoice(1)), "next alternative"),
            KeyRow.click(.tokens, "select a token or an alternative"),
            KeyRow(.tokens, [.enter], .own(Action.branch), "branch here: the reply so far, then this alternative"),
            KeyRow(.tokens, ["n", .tab], .own(Action.nextUncertain(1)), "next token below 50 %"),
            KeyRow(.tokens, ["N"], .own(Action.nextUncertain(-1)), "previous token below 50 %"),
            KeyRow(.tokens, ["k", .wheelUp], .movePanel(.row(-1)), "line up"),
            KeyRow(.tokens, ["j", .wheelDown], .movePanel(.row(1)), "line down"),
            KeyRow(.tokens, [.pageUp, "b"], .movePanel(.page(-1)), "page up"),
            KeyRow(.tokens, [.pageDown, " "], .movePanel(.page(1)), "page down"),
            KeyRow(.tokens, [.home, "g"], .movePanel(.first), "first token"),
            KeyRow(.tokens, [.end, "G"], .movePanel(.last), "last token"),
            KeyRow(.tokens, ["c"], .own(Action.toggleColors), "colour the conversation like this"),
        ] + KeyRow.digits(.tokens, { .own(Action.pick($0)) }, "select that alternative")
        + [KeyRow.clickOutside(.tokens)]

    mutating func handle(_ action: Action, in state: inout AppState) -> [Effect] {
        guard let layout = layout(state), let tokens = state.session.tokens[message]?.tokens else {
            // Enter tries again after a problem.
            if action == .branch { problem = nil }
            return []
        }
        let choices = layout.choices
        switch action {
        case .moveCursor(let step): moveCursor(to: layout.cursor + step, of: tokens.count)
        case .nextUncertain(let step):
            let others = step > 0 ? Array(layout.cursor + 1..<tokens.count) : (0..<layout.cursor).reversed()
            let next = others.first { tokens[$0].chosen.before < Self.uncertain }
            moveCursor(to: next ?? layout.cursor, of: tokens.count)
        case .moveChoice(let step): choice = max(0, min(layout.selected + step, choices.count - 1))
        case .pick(let number): if choices.indices.contains(number - 1) { choice = number - 1 }
        case .toggleColors: state.toggleProbabilities()
        case .branch: return state.branchReply(message, after: layout.cursor, with: choices[layout.selected])
        }
        return []
    }

    /// The probability below which a token is uncertain.
    private static let uncertain: Float = 0.5

    private mutating func moveCursor(to token: Int, of count: Int) {
        let before = cursor
        cursor = max(0, min(token, count - 1))
        if cursor != before { choice = nil }
    }

    mutating func move(_ move: PanelMove, in state: inout AppState) -> [Effect] {
        guard let layout = layout(state) else { return [] }
        let token =
            switch move {
            case .row(let lines), .scroll(let lines): layout.token(linesFromCursor: lines)
            case .page(let pages): layout.token(linesFromCursor: pages * layout.textHeight)
            case .first: 0
            case .last: layout.count - 1
            }
        moveCursor(to: token, of: layout.count)
        return []
    }

    mutating func click(at point: Point, in state: inout AppState) -> [Effect] {
        guard let layout = layout(state) else { return [] }
        if let token = layout.token(at: point) {
            cursor = token
            choice = nil
        } else if let choice = layout.choice(at: point) {
            self.choice = choice
        }
        return []
    }

    // MARK: Screen

    func content(_ state: AppState) -> PanelContent? {
        let title = "Tokens"
        guard let rows = layout(state)?.rows else {
            return PanelContent(title: title, rows: PanelRows(waiting(state)), footer: .keys([.close]))
        }
        let keys: [KeyHint] = [
            "←→ token", "↑↓ alternative", KeyHint(.enter, "branch here"), KeyHint("n", "next uncertain token"),
            KeyHint("c", "colour"), .close,
        ]
        return PanelContent(title: title, rows: PanelRows(rows.lines), selected: rows.selected, footer: .keys(keys))
    }

    /// Shown until the tokens are known.
    private func waiting(_ state: AppState) -> [StyledLine] {
        let width = PanelLayout(state.screen.size).rows.width
        func lines(_ text: String, _ role: StyleRole) -> [StyledLine] {
            Wrapping.wrap(StyledLine(text, role), width: width)
        }
        if let problem { return lines("! \(problem)", .warning) + lines("Enter try again", .muted) }
        if state.session.reply != nil {
            return lines("Token data missing; it will be computed when the current reply is finished", .muted)
        }
        guard let model = state.session.record.model else { return lines("Choose a model first: F2", .muted) }
        let name = Sanitizer.visible(state.displayName(of: model))
        let progress = state.inspector.running?.progress.map { "\($0.done) of \($0.total) tokens" }
        return lines("Token data missing; computing it with \(name) …", .muted) + lines(progress ?? "", .text)
    }

    // MARK: The engine

    func inquiry(_ state: AppState) -> Inquiry? {
        guard problem == nil, state.session.tokens[message] == nil else { return nil }
        return Inquiry(aim: .lastMessage, position: TokenPosition(message: message))
    }

    mutating func show(_ finding: Finding, in state: AppState) {
        if case .problem(let reason) = finding { problem = reason }
    }

    // MARK: Plain mode

    func plainLines(_ state: AppState) -> PlainPanel? {
        guard let tokens = state.session.tokens[message]?.tokens, !tokens.isEmpty else {
            return problem.map { PlainPanel(text: $0) }
        }
        return PlainPanel(
            title: "Tokens of the reply, with their probabilities and alternatives",
            choices: tokens.indices.map { index in
                let others = tokens[index].others.prefix(3).map(\.plainLine).joined(separator: ", ")
                let line = tokens[index].chosen.plainLine + (others.isEmpty ? "" : "; or \(others)")
                return PlainChoice(
                    line: line, result: .ask { [message] in Self.alternatives(at: index, of: message, $0) })
            })
    }

    private static func alternatives(at index: Int, of message: Message.ID, _ state: AppState) -> PlainPanel {
        let tokens = state.session.tokens[message]?.tokens ?? []
        let others = tokens.indices.contains(index) ? tokens[index].others : []
        return PlainPanel(
            title: "Branch from this token", text: "No alternatives",
            choices: others.map {
                PlainChoice(line: $0.plainLine, result: .choose(.token($0, after: index, of: message)))
            })
    }
}

extension PanelKind {
    /// Opened for a message, by `AppState.openTokens`.
    static let tokens: PanelKind = .init(name: "tokens", context: .tokens, keys: TokenPanel.keys)
}

extension KeyContext {
    fileprivate static let tokens = KeyContext(name: "tokens", isPanel: true)
}

extension KeyRow.Group {
    fileprivate static let tokens = KeyRow.Group("Tokens", in: .tokens)
}

extension ReplyToken {
    fileprivate var others: [TokenChoice] { alternatives.filter { $0.id != chosen.id } }
}

extension TokenChoice {
    /// Part of a character is shown as its bytes.
    fileprivate var plainLine: String {
        let word = String(validating: bytes, as: UTF8.self).map(QuotedWords.quote) ?? label
        return "\(word) \(Format.number(Double(before) * 100)) %"
    }
}
