import Chat
import Replies
import TUI

/// Which part of the token panel is on the screen: the reply's text, and below it the alternatives at the cursor.
struct TokenPanelLayout {
    private let entry: TokenLog.Entry
    private let text: TokenLayout
    private let area: Rect
    /// The token at the cursor, and its position in the text.
    let cursor: Int
    private let position: (line: Int, column: Int)
    /// The token at the cursor and its alternatives.
    let choices: [TokenChoice]
    /// Among the choices.
    let selected: Int
    let textHeight: Int
    private let choiceHeight: Int
    /// Lines between text and choices.
    private let headingHeight: Int

    /// nil if no tokens are known.
    init?(of message: Message.ID, cursor: Int, choice: Int?, _ state: AppState) {
        guard let entry = state.session.tokens[message], !entry.tokens.isEmpty else { return nil }
        let area = PanelLayout(state.screen.size).rows
        let text = state.screen.tokenLayouts.layout(of: message, entry, width: area.width)
        let cursor = max(0, min(cursor, entry.tokens.count - 1))
        self.area = area
        self.entry = entry
        self.text = text
        self.cursor = cursor
        position = text.position(of: cursor) ?? (max(0, text.lines.count - 1), 0)
        choices = entry.tokens[cursor].choices
        selected = max(0, min(choice ?? entry.tokens[cursor].indexInChoices, choices.count - 1))
        choiceHeight = max(1, min(choices.count, area.height / 2 - 1))
        headingHeight = area.height < 14 ? 1 : 2
        textHeight = max(1, min(area.height - choiceHeight - headingHeight, text.lines.count))
    }

    /// The number of tokens.
    var count: Int { entry.tokens.count }

    private var top: Int { max(0, min(position.line - textHeight / 2, text.lines.count - textHeight)) }
    private var firstChoice: Int { max(0, min(selected - choiceHeight / 2, choices.count - choiceHeight)) }

    /// The rows of the panel, and which of them is highlighted.
    var rows: (lines: [StyledLine], selected: Int) {
        let all = text.lines
        let marked = all.indices.contains(position.line) ? markedToken(all[position.line]) : nil
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

    /// The token at the cursor as it is shown: a character of several tokens is shown as the last of them.
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

    // MARK: Positions

    /// The token that many lines below the cursor, in about the same column.
    func token(linesFromCursor lines: Int) -> Int {
        text.token(line: max(0, min(position.line + lines, text.lines.count - 1)), column: position.column) ?? cursor
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

extension ReplyToken {
    /// The most likely tokens here, and the chosen one if it is not among them.
    fileprivate var choices: [TokenChoice] {
        alternatives.contains { $0.id == chosen.id } ? alternatives : alternatives + [chosen]
    }

    fileprivate var indexInChoices: Int { choices.firstIndex { $0.id == chosen.id } ?? 0 }
}
