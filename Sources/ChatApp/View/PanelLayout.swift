import TUI

/// The position of a panel: in the middle, or over everything but the status line if the window is small.
struct PanelLayout {
    enum Shape: Sendable, Equatable {
        case middle
        /// Narrow and at the right, so that the screen behind it can be seen.
        case side
    }

    let frame: Rect

    init(_ size: Size, _ shape: Shape = .middle) {
        let isSmall = size.width < 50 || size.height < 14
        switch shape {
        case .middle:
            let width = isSmall ? size.width : min(size.width - 6, 130)
            let height = isSmall ? size.height - 1 : min(size.height - 5, 40)
            frame = Rect(x: (size.width - width) / 2, y: isSmall ? 0 : 2, width: width, height: height)
        case .side:
            let width = min(size.width, max(24, min(36, size.width / 2)))
            let height = isSmall ? size.height - 1 : min(size.height - 5, 24)
            frame = Rect(x: size.width - width - (isSmall ? 0 : 2), y: isSmall ? 0 : 2, width: width, height: height)
        }
    }

    /// Inside the border. The bottom line is on the border itself.
    var rows: Rect { frame.inset(x: 2, y: 1) }
}

/// The parts of a panel.
struct PanelAreas {
    let frame: Rect
    /// The line for the filter, in panels with one.
    private(set) var filter: Rect?
    private(set) var rows: Rect
    /// Below the rows, if there is room.
    private(set) var note: Rect?
    /// To the right of the rows, if there is room.
    private(set) var preview: Rect?

    /// Columns needed for rows and a preview.
    private static let previewWidth = 84

    init(_ layout: PanelLayout, hasFilter: Bool = false, noteHeight: Int = 0, hasPreview: Bool = false) {
        frame = layout.frame
        rows = layout.rows
        if hasFilter {
            filter = Rect(x: rows.x, y: rows.y, width: rows.width, height: 1)
            rows = Rect(x: rows.x, y: rows.y + 1, width: rows.width, height: rows.height - 1)
        }
        if noteHeight > 0, rows.height >= noteHeight + 6 {
            rows.height -= noteHeight + 1
            note = Rect(x: rows.x, y: rows.maxY + 1, width: rows.width, height: noteHeight)
        }
        if hasPreview, rows.width >= Self.previewWidth {
            let width = rows.width / 2
            preview = Rect(x: rows.maxX - width + 1, y: rows.y, width: width - 1, height: rows.height)
            rows.width -= width + 2
        }
    }
}
