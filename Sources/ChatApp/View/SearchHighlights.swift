import TUI

extension Search {
    /// The visible lines with their matches highlighted, message by message.
    func highlighted(_ rows: [ConversationLayout.Row], width: Int) -> [StyledLine] {
        var lines = rows.map(\.line)
        guard let pattern else { return lines }
        var start = 0
        while start < rows.count {
            let entry = rows[start].position.entry
            let end = rows[start...].firstIndex { $0.position.entry != entry } ?? rows.count
            // Headlines are not searched.
            let first = rows[start].position.line == 0 ? start + 1 : start
            if first < end {
                for match in pattern.matches(in: lines[first..<end]) {
                    let role: StyleRole = isCurrent(match, rows[first].position, width) ? .foundCurrent : .found
                    for part in match.parts {
                        lines[first + part.line] = lines[first + part.line].restyled(part.bytes, role)
                    }
                }
            }
            start = end
        }
        return lines
    }

    private func isCurrent(_ match: TextPattern.LineMatch, _ first: Scroll.Position, _ width: Int) -> Bool {
        guard let position = current?.position, position.entry == first.entry, position.width == width,
            let start = match.parts.first
        else { return false }
        return position.start.line == first.line + start.line
            && position.start.bytes.lowerBound == start.bytes.lowerBound
    }
}
