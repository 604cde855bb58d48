import Chat
import Foundation
import TUI

/// A click on a message, which the next may make a double click.
struct Click: Sendable, Equatable {
    var message: Message.ID
    var time: Date

    /// Seconds within which the second has to come.
    static let pause: TimeInterval = 0.5
}

/// What a click does, and who has the mouse.
extension AppState {
    mutating func click(_ point: Point) -> [Effect] {
        let layout = ScreenLayout(self)
        if layout.status.rows.contains(point.y) {
            return StatusView.key(at: point.x, self, layout).map { press($0) } ?? []
        }
        if screen.panel != nil { return clickInPanel(point) }
        composer.completion = nil
        // In the lowest windows it stands over the conversation.
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
            // There stands how much is below.
            scroll(.bottom)
        }
        return []
    }

    private mutating func clickConversation(_ point: Point, _ area: Rect) -> [Effect] {
        let rows = ConversationLayout(self).visible
        guard rows.indices.contains(point.y - area.y) else { return [] }
        let row = rows[point.y - area.y]
        guard session.transcript.entries.indices.contains(row.place.entry) else { return [] }
        let entry = session.transcript.entries[row.place.entry]
        if row.place.line == 0, let control = entry.control, let start = row.line.column(of: control) {
            let column = point.x - area.x - start
            let width = DisplayWidth.of(control)
            if (0..<width).contains(column) { return showAlternative(of: entry.id, column < width / 2 ? -1 : 1) }
        }
        // What is typed after a click that only brought the window to the front belongs to the draft: a message is
        // selected by its first line, by a second click, or in place of another.
        let isSecond =
            reading.lastClick.map { $0.message == entry.id && now.timeIntervalSince($0.time) < Click.pause } ?? false
        reading.lastClick = Click(message: entry.id, time: now)
        if row.place.line == 0 || isSecond || reading.selection != nil { reading.selection = entry.id }
        return []
    }

    /// `/mouse`: without a word it goes to the other.
    mutating func setMouse(_ word: String) throws(CommandError) -> [Effect] {
        switch word.lowercased() {
        case "on": screen.capturesMouse = true
        case "off": screen.capturesMouse = false
        case "": screen.capturesMouse.toggle()
        default: throw CommandError("/mouse is on or off, not '\(word)'")
        }
        notify(
            .info,
            screen.capturesMouse
                ? "the mouse scrolls and selects messages (with Shift the terminal has it)"
                : "the mouse is the terminal's, for selecting text; /mouse on takes it back")
        return [.captureMouse(screen.capturesMouse)]
    }
}

extension Rect {
    fileprivate var rows: Range<Int> { y..<maxY }
}

extension StyledLine {
    /// The column where a text stands last; nil where it does not.
    fileprivate func column(of text: String) -> Int? {
        guard let range = self.text.ranges(of: text).last else { return nil }
        return DisplayWidth.of(Sanitizer.visible(String(self.text[..<range.lowerBound])))
    }
}
