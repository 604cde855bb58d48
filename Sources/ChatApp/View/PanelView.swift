import TUI

/// What a panel shows, whichever it is.
struct PanelContent {
    var title: String
    /// The filter's text and the cursor's column in it; nil for panels without one.
    var filter: (text: String, cursor: Int)?
    var rows: [StyledLine]
    /// The row that is highlighted and kept in sight.
    var selected: Int?
    /// The first row in sight, for panels without a highlighted one.
    var top = 0
    /// About the highlighted row; shown below the rows where the window is high enough.
    var note: [StyledLine] = []
    /// The line at the foot: what keys do, or what is wrong.
    var footer: StyledLine
}

/// Where a panel stands: in the middle where there is room, over everything but the status line where there is not.
struct PanelLayout {
    let frame: Rect

    init(_ size: Size) {
        let isSmall = size.width < 50 || size.height < 14
        let width = isSmall ? size.width : min(size.width - 6, 110)
        let height = isSmall ? size.height - 1 : min(size.height - 5, 40)
        frame = Rect(x: (size.width - width) / 2, y: isSmall ? 0 : 2, width: width, height: height)
    }

    /// Inside the border; the foot is on the border itself.
    var rows: Rect { frame.inset(x: 2, y: 1) }
}

enum PanelView {
    static func draw(_ content: PanelContent, _ state: AppState, on surface: inout Surface) {
        let layout = PanelLayout(state.size)
        let theme = state.theme
        surface.fill(layout.frame, style: theme.style(.panel, on: .panel))
        surface.cursor = nil
        drawBorder(content, layout.frame, theme, on: &surface)

        var area = layout.rows
        if let filter = content.filter {
            let y = area.y
            surface.write("› ", at: Point(x: area.x, y: y), style: theme.style(.inputPrompt, on: .panel))
            let shift = max(0, filter.cursor - (area.width - 3))
            let visible = Rect(x: area.x + 2, y: y, width: area.width - 2, height: 1)
            surface.write(
                filter.text, at: Point(x: visible.x - shift, y: y), style: theme.style(.text, on: .panel),
                clip: visible)
            surface.cursor = Point(x: visible.x + filter.cursor - shift, y: y)
            area = Rect(x: area.x, y: y + 1, width: area.width, height: area.height - 1)
        }
        if !content.note.isEmpty, area.height >= content.note.count + 6 {
            area.height -= content.note.count + 1
            for (index, line) in content.note.enumerated() {
                surface.write(line, at: Point(x: area.x, y: area.maxY + 1 + index), theme: theme, on: .panel)
            }
        }
        let centred = content.selected.map { max(0, min($0 - area.height / 2, content.rows.count - area.height)) }
        let top = centred ?? content.top
        for (index, row) in content.rows.enumerated().dropFirst(top).prefix(area.height) {
            let y = area.y + index - top
            let isSelected = index == content.selected
            let ground: StyleRole = isSelected ? .selected : .panel
            if isSelected {
                let bar = Rect(x: area.x - 1, y: y, width: area.width + 2, height: 1)
                surface.fill(bar, style: theme.style(.selected, on: .panel))
            }
            surface.write(row, at: Point(x: area.x, y: y), theme: theme, on: ground, clip: area)
            // Not by colour alone.
            if isSelected {
                surface.write("›", at: Point(x: area.x - 1, y: y), style: theme.style(.selected, on: .panel))
            }
        }
    }

    private static func drawBorder(_ content: PanelContent, _ frame: Rect, _ theme: Theme, on surface: inout Surface) {
        let style = theme.style(.panelBorder, on: .panel)
        let bar = String(repeating: "─", count: max(0, frame.width - 2))
        surface.write("╭\(bar)╮", at: Point(x: frame.x, y: frame.y), style: style)
        for y in frame.y + 1..<max(frame.y + 1, frame.maxY - 1) {
            surface.write("│", at: Point(x: frame.x, y: y), style: style)
            surface.write("│", at: Point(x: frame.maxX - 1, y: y), style: style)
        }
        surface.write("╰\(bar)╯", at: Point(x: frame.x, y: frame.maxY - 1), style: style)
        let inner = max(0, frame.width - 6)
        surface.write(
            " \(Wrapping.truncate(content.title, width: inner)) ", at: Point(x: frame.x + 2, y: frame.y),
            style: theme.style(.panelTitle, on: .panel))
        var footer = content.footer
        if footer.width > inner {
            footer = StyledLine(Wrapping.truncate(footer.text, width: inner), footer.spans.first?.role ?? .muted)
        }
        footer.spans = [.init(" ", .panelBorder)] + footer.spans + [.init(" ", .panelBorder)]
        surface.write(footer, at: Point(x: frame.x + 2, y: frame.maxY - 1), theme: theme, on: .panel)
    }
}
