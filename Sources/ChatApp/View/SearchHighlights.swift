import TUI

extension Search {
    /// The visible lines with their matches highlighted, message by message.
    func highlighted(_ rows: [ConversationLayout.Row], width: Int) -> [StyledLine] {
        var lines = rows.map(\.line)
        guard let pattern else { return lines }
        var start = 0
        while start < rows.count {
            let entry = rows[start].place.entry
            let end = rows[start...].firstIndex { $0.place.entry != entry } ?? rows.count
            // Headlines are not searched.
            let first = rows[start].place.line == 0 ? start + 1 : start
            if first < end {
                for match in pattern.matches(in: lines[first..<end]) {
                    let role: StyleRole = isCurrent(match, rows[first].place, width) ? .foundCurrent : .found
                    for part in match.parts {
                        lines[first + part.line] = lines[first + part.line].restyled(part.bytes, role)
                    }
                }
            }
            start = end
        }
        return lines
    }

    private func isCurrent(_ match: TextPattern.LineMatch, _ first: Scroll.Place, _ width: Int) -> Bool {
        guard let place = current?.place, place.entry == first.entry, place.width == width,
            let start = match.parts.first
        else { return false }
        return place.start.line == first.line + start.line && place.start.bytes.lowerBound == start.bytes.lowerBound
    }
}
