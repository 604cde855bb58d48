import TUI

/// What a panel shows inside its frame.
struct PanelContent {
    var title: String
    var filter: PanelField?
    var rows: PanelRows
    /// The highlighted row.
    var selected: Int?
    /// The first row on the screen.
    var top = 0
    /// About the highlighted row; shown below the rows if the window is high enough.
    var note: [StyledLine] = []
    /// Details of the highlighted row, to the right of the rows; nil if there is no room.
    var preview: [StyledLine]?
    var footer: PanelFooter
}

/// A line of a panel that the user types in.
struct PanelField {
    /// Before the text.
    var label: String
    var text: String
    /// The cursor's column in the text.
    var cursor: Int

    static let prompt = "› "
}

/// The rows of a panel, each computed when it is drawn.
struct PanelRows {
    let count: Int
    let line: (Int) -> StyledLine

    init(count: Int, _ line: @escaping (Int) -> StyledLine) {
        self.count = count
        self.line = line
    }

    init(_ lines: [StyledLine]) { self.init(count: lines.count) { lines[$0] } }
}

enum PanelView {
    static func draw(_ content: PanelContent, _ layout: PanelLayout, _ state: AppState, on surface: inout Surface) {
        let areas = PanelAreas(
            layout, hasFilter: content.filter != nil, noteHeight: content.note.count,
            hasPreview: content.preview != nil)
        let theme = state.screen.theme
        surface.fill(areas.frame, style: theme.style(.panel, on: .panel))
        surface.cursor = nil
        let width = max(0, areas.frame.width - 6)
        drawBorder(content, content.footer.orNotice(state, width: width), areas.frame, theme, on: &surface)
        if let filter = content.filter, let area = areas.filter { draw(filter, area, theme, on: &surface) }
        if let note = areas.note { draw(content.note, note, theme, on: &surface) }
        if let preview = content.preview, let area = areas.preview {
            draw(preview, area, theme, on: &surface)
            drawDivider(x: area.x - 2, areas.rows, theme, on: &surface)
        }
        drawRows(content, areas, theme, on: &surface)
        draw(PanelNotice(state, width: width, area: layout.rows), layout.rows, state, on: &surface)
    }

    /// Draws a notice over the last rows of an area.
    static func draw(_ notice: PanelNotice?, _ rows: Rect, _ state: AppState, on surface: inout Surface) {
        guard let notice else { return }
        let height = notice.lines.count
        let area = Rect(x: rows.x, y: rows.maxY - height, width: rows.width, height: height)
        surface.fill(area, style: state.screen.theme.style(.panel, on: .panel))
        draw(notice.lines, area, state.screen.theme, on: &surface)
    }

    private static func draw(_ field: PanelField, _ area: Rect, _ theme: Theme, on surface: inout Surface) {
        let label = Wrapping.truncate(field.label, width: area.width / 2)
        let start = surface.write(
            label, at: Point(x: area.x, y: area.y), style: theme.style(.inputPrompt, on: .panel))
        let visible = Rect(x: start, y: area.y, width: area.maxX - start, height: 1)
        let shift = max(0, field.cursor - (visible.width - 1))
        surface.write(
            field.text, at: Point(x: visible.x - shift, y: area.y), style: theme.style(.text, on: .panel),
            clip: visible)
        surface.cursor = Point(x: visible.x + field.cursor - shift, y: area.y)
    }

    private static func draw(_ lines: [StyledLine], _ area: Rect, _ theme: Theme, on surface: inout Surface) {
        for (index, line) in lines.prefix(area.height).enumerated() {
            surface.write(line, at: Point(x: area.x, y: area.y + index), theme: theme, on: .panel, clip: area)
        }
    }

    private static func drawRows(
        _ content: PanelContent, _ areas: PanelAreas, _ theme: Theme, on surface: inout Surface
    ) {
        let area = areas.rows
        let latest = max(0, content.rows.count - area.height)
        let top = max(0, min(content.top, latest))
        for index in top..<max(top, min(content.rows.count, top + area.height)) {
            let y = area.y + index - top
            let isSelected = index == content.selected
            let ground: StyleRole = isSelected ? .selected : .panel
            if isSelected {
                let bar = Rect(x: area.x - 1, y: y, width: area.width + 2, height: 1)
                surface.fill(bar, style: theme.style(.selected, on: .panel))
            }
            surface.write(content.rows.line(index), at: Point(x: area.x, y: y), theme: theme, on: ground, clip: area)
            // The selection must not be shown by colour alone.
            if isSelected {
                surface.write("›", at: Point(x: area.x - 1, y: y), style: theme.style(.selected, on: .panel))
            }
        }
        guard latest > 0, area.height > 1 else { return }
        // The scroll bar, on the line to the right.
        let thumb = max(1, area.height * area.height / content.rows.count)
        let start = (area.height - thumb) * top / latest
        let x = areas.preview.map { $0.x - 2 } ?? areas.frame.maxX - 1
        for y in start..<start + thumb {
            surface.write("┃", at: Point(x: x, y: area.y + y), style: theme.style(.accent, on: .panel))
        }
    }

    private static func drawDivider(x: Int, _ rows: Rect, _ theme: Theme, on surface: inout Surface) {
        for y in rows.y..<rows.maxY {
            surface.write("│", at: Point(x: x, y: y), style: theme.style(.rule, on: .panel))
        }
    }

    private static func drawBorder(
        _ content: PanelContent, _ footer: PanelFooter, _ frame: Rect, _ theme: Theme, on surface: inout Surface
    ) {
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
        var foot = footer.line(width: inner)
        foot.spans = [.init(" ", .panelBorder)] + foot.spans + [.init(" ", .panelBorder)]
        surface.write(foot, at: Point(x: frame.x + 2, y: frame.maxY - 1), theme: theme, on: .panel)
    }
}
