import Chat
import TUI

extension SessionRecord {
    /// A title that the user entered, as it is saved: its first line, at most 200 characters.
    static func oneLine(_ title: String) -> String { String(title.prefix { !$0.isNewline }.prefix(200)) }

    /// A title from the user's first message: its first line, about 48 columns.
    static func title(from text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map(\.trimmed)
        guard let line = lines.first(where: { !$0.isEmpty }) else { return "" }
        let rows = Wrapping.wrap(line, width: 47)
        if rows.count == 1 { return rows[0] }
        return DisplayWidth.of(rows[0]) > 24 ? rows[0] + "…" : Wrapping.truncate(line, width: 48)
    }
}
