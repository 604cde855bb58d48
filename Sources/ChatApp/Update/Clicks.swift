import Chat
import TUI

/// What a click does.
extension AppState {
    mutating func handleClick(at point: Point) -> [Effect] {
        let layout = ScreenLayout(self)
        if layout.status.rows.contains(point.y) {
            return StatusView.key(at: point.x, self, layout).map { performKey($0) } ?? []
        }
        if !screen.panels.isEmpty { return clickPanel(at: point) }
        composer.completion = nil
        // In very low windows the notice covers the conversation.
        if layout.notice?.rows.contains(point.y) == true {
            readNotice()
            return []
        }
        if layout.conversation.rows.contains(point.y) { return clickConversation(point, layout.conversation) }
        if layout.input.rows.contains(point.y) {
            if reading.search?.isTyping == true { return [] }
            deselect()
            composer.input.moveCursor(
                to: Point(x: point.x - layout.input.x, y: point.y - layout.input.y),
                size: Size(width: layout.input.width, height: layout.input.height))
        } else if layout.inputRule.rows.contains(point.y) {
            // The rule shows how much is below.
            scroll(.bottom)
        }
        return []
    }

    private mutating func clickConversation(_ point: Point, _ area: Rect) -> [Effect] {
        let rows = ConversationLayout(self).visible
        guard rows.indices.contains(point.y - area.y) else { return [] }
        let row = rows[point.y - area.y]
        guard session.transcript.entries.indices.contains(row.position.entry) else { return [] }
        let entry = session.transcript.entries[row.position.entry]
        if row.position.line == 0, let control = entry.control, let start = row.line.column(of: control) {
            let column = point.x - area.x - start
            let width = DisplayWidth.of(control)
            if (0..<width).contains(column) { return showAlternative(of: entry.id, column < width / 2 ? -1 : 1) }
        }
        // A click that only brought the terminal's window to the front must not take keys away from the draft: a
        // message is selected by a click on its first line, by a double click, or while another one is selected.
        let isDoubleClick = reading.registerClick(on: entry.id, at: instant)
        if row.position.line == 0 || isDoubleClick || reading.selection != nil { reading.selection = entry.id }
        return []
    }

    /// `/mouse [on|off]`; without a word it toggles.
    mutating func setMouse(_ word: String) throws(CommandError) -> [Effect] {
        switch word.lowercased() {
        case "on": screen.capturesMouse = true
        case "off": screen.capturesMouse = false
        case "": screen.capturesMouse.toggle()
        default: throw CommandError("/mouse must be on or off, not \"\(word)\"")
        }
        notify(
            .info,
            screen.capturesMouse
                ? "Mouse on: it scrolls and selects messages. Hold Shift to select text"
                : "Mouse off: the terminal can select text. /mouse on to re-enable")
        return [.captureMouse(screen.capturesMouse)]
    }
}

extension Rect {
    fileprivate var rows: Range<Int> { y..<maxY }
}

extension StyledLine {
    /// The column of a text's last occurrence.
    fileprivate func column(of text: String) -> Int? {
        guard let range = self.text.ranges(of: text).last else { return nil }
        return DisplayWidth.of(Sanitizer.visible(String(self.text[..<range.lowerBound])))
    }
}
