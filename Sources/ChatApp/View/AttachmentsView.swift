import Chat
import TUI

/// The draft's attachments, on a line above it.
enum AttachmentsView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        guard let area = layout.attachments else { return }
        let files = state.composer.outgoingAttachments
        let hint = state.composer.attachments.isEmpty || area.width < 60 ? "" : "Ctrl-X remove"
        let room = area.width - 2 - (hint.isEmpty ? 0 : hint.count + 2)
        var line = StyledLine()
        for (index, file) in files.enumerated() {
            let more = files.count - index - 1
            let rest = more > 0 ? 5 : 0
            var next = line
            if !line.spans.isEmpty { next.append("  ", .text) }
            next.append(file)
            if next.width + rest > room, !line.spans.isEmpty {
                line.append("  +\(more + 1)", .muted)
                break
            }
            line = next
        }
        surface.write(
            line, at: Point(x: 1, y: area.y), theme: state.screen.theme,
            clip: Rect(x: 1, y: area.y, width: room, height: 1))
        surface.write(
            hint, at: Point(x: area.width - 1 - hint.count, y: area.y), style: state.screen.theme.style(.muted))
    }
}

extension StyledLine {
    /// An attachment's name, size and tokens.
    mutating func append(_ file: Attachment) {
        append("▤ ", .accent)
        append(Wrapping.truncate(file.name, width: 40), .text)
        let tokens = file.tokens.map { " · \(Format.count($0, "token"))" } ?? ""
        append(" \(ByteText.size(file.byteCount))\(tokens)", .muted)
    }
}
