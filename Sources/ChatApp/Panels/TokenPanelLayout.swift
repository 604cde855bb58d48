import Chat
import TUI

/// What of the token view is in sight: the reply's text above, below it what could stand at the cursor.
struct TokenPanelLayout {
    private let entry: TokenLog.Entry
    private let text: TokenLayout
    private let area: Rect
    /// The token looked at, and its place in the text.
    let cursor: Int
    private let place: (line: Int, column: Int)
    let choices: [TokenChoice]
    /// Among the choices.
    let selected: Int
    let textHeight: Int
    private let choiceHeight: Int
    /// Lines between text and choices.
    private let headingHeight: Int

    /// nil where no tokens are known.
    init?(_ panel: TokenPanel, _ state: AppState) {
        guard let entry = state.session.tokens[panel.message], !entry.tokens.isEmpty else { return nil }
        let area = PanelLayout(state.screen.size).rows
        let text = state.screen.tokenLayouts.layout(of: panel.message, entry, width: area.width)
        let cursor = max(0, min(panel.cursor, entry.tokens.count - 1))
        self.area = area
        self.entry = entry
        self.text = text
        self.cursor = cursor
        place = text.place(of: cursor) ?? (max(0, text.lines.count - 1), 0)
        choices = entry.tokens[cursor].choices
        selected = max(0, min(panel.choice ?? entry.tokens[cursor].place, choices.count - 1))
        choiceHeight = max(1, min(choices.count, area.height / 2 - 1))
        headingHeight = area.height < 14 ? 1 : 2
        textHeight = max(1, min(area.height - choiceHeight - headingHeight, text.lines.count))
    }

    private var top: Int { max(0, min(place.line - textHeight / 2, text.lines.count - textHeight)) }
    private var firstChoice: Int { max(0, min(selected - choiceHeight / 2, choices.count - choiceHeight)) }

    /// The rows of the panel, and which of them is highlighted.
    var rows: (lines: [StyledLine], selected: Int) {
        let all = text.lines
        let marked = all.indices.contains(place.line) ? markedToken(all[place.line]) : nil
        var lines = (top..<top + textHeight).map { index in
            guard all.indices.contains(index) else { return StyledLine() }
            return StyledLine(all[index]) { token in
                token == marked ? .tokenCursor : .probability(entry.tokens[token].chosen.before)
            }
        }
        lines += [heading, ProbabilityRow.header(width: area.width)].prefix(headingHeight)
        lines += choices.enumerated().dropFirst(firstChoice).prefix(choiceHeight).map { index, choice in
            ProbabilityRow(
                label: choice.label, before: choice.before, after: choice.after,
                isChosen: choice.id == entry.tokens[cursor].chosen.id
            ).line(width: area.width)
        }
        return (lines, textHeight + headingHeight + selected - firstChoice)
    }

    /// The token under the cursor as it is shown: a character of several tokens is one place.
    private func markedToken(_ line: TokenLayout.Line) -> Int? {
        line.first { $0.token >= cursor }?.token
    }

    private var heading: StyledLine {
        let token = entry.tokens[cursor].chosen
        var line = StyledLine("── ", .panelBorder)
        line.append("token \(cursor + 1)/\(entry.tokens.count) ", .panelTitle)
        let label = "\(token.label) \(Format.percent(token.before).filter { $0 != " " })"
        line.append(Wrapping.truncate(label, width: max(4, area.width - line.width - 3)), .probability(token.before))
        line.append(" " + String(repeating: "─", count: max(0, area.width - line.width - 1)), .panelBorder)
        return line
    }

    // MARK: Where things are

    /// The token so many lines from the cursor, in about its column.
    func token(linesFromCursor lines: Int) -> Int {
        text.token(line: max(0, min(place.line + lines, text.lines.count - 1)), column: place.column) ?? cursor
    }

    func token(at point: Point) -> Int? {
        let row = point.y - area.y
        guard (0..<textHeight).contains(row), point.x >= area.x else { return nil }
        return text.token(line: top + row, column: point.x - area.x)
    }

    func choice(at point: Point) -> Int? {
        let row = point.y - area.y - textHeight - headingHeight
        return (0..<choiceHeight).contains(row) ? firstChoice + row : nil
    }
}

extension TokenPanel {
    func content(_ state: AppState) -> PanelContent {
        let title = "Tokens"
        guard let rows = TokenPanelLayout(self, state)?.rows else {
            return PanelContent(title: title, rows: PanelRows(waiting(state)), footer: .keys([.closes]))
        }
        let keys: [KeyHint] = [
            "←→ token", "↑↓ other", KeyHint(.enter, "branches"), KeyHint("n", "next doubt"), KeyHint("c", "colours"),
            .closes,
        ]
        return PanelContent(
            title: title, rows: PanelRows(rows.lines), selected: rows.selected, footer: .keys(keys))
    }

    /// What is shown until the tokens are known.
    private func waiting(_ state: AppState) -> [StyledLine] {
        let width = PanelLayout(state.screen.size).rows.width
        func lines(_ text: String, _ role: StyleRole) -> [StyledLine] {
            Wrapping.wrap(StyledLine(text, role), width: width)
        }
        if let problem { return lines("! \(problem)", .warning) + lines("Enter tries again.", .muted) }
        if state.session.reply != nil {
            return lines("This reply's tokens are not known. The model reads it once no other reply is made.", .muted)
        }
        guard let model = state.session.record.model else { return lines("Choose a model first: F2.", .muted) }
        let name = Sanitizer.visible(state.displayName(of: model))
        let progress = state.inspector.running?.progress.map { "\($0.done) of \($0.total) tokens" }
        return lines("The tokens of this reply were not kept: \(name) reads it again …", .muted)
            + lines(progress ?? "", .text)
    }
}
