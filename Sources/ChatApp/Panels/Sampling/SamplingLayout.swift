import Chat
import TUI

/// Where the parts of the sampling panel are: the settings with their headings, and the next token next to or below them.
struct SamplingLayout {
    enum Line: Sendable {
        case blank
        case heading(SettingRow.Group)
        /// A row of `SettingTable`.
        case setting(Int)
    }

    /// All lines, from the first setting to the last.
    static let lines: [Line] = {
        var lines: [Line] = []
        var group: SettingRow.Group?
        for (index, row) in SettingTable.rows.enumerated() {
            if row.group != group { lines += (group == nil ? [] : [.blank]) + [.heading(row.group)] }
            group = row.group
            lines.append(.setting(index))
        }
        return lines
    }()

    /// The line of each setting, together with the heading if it is the first of its group.
    private static let positions: [ClosedRange<Int>] = lines.indices.compactMap { line in
        guard case .setting = lines[line] else { return nil }
        if line > 0, case .heading = lines[line - 1] { return line - 1...line }
        return line...line
    }

    static func position(of setting: Int) -> ClosedRange<Int> {
        positions[max(0, min(setting, positions.count - 1))]
    }

    /// The setting on a line, or the nearest one in these lines.
    static func setting(on line: Int, in shown: Range<Int>) -> Int? {
        let settings = positions.indices.filter { shown.contains(positions[$0].upperBound) }
        return settings.min { abs(positions[$0].upperBound - line) < abs(positions[$1].upperBound - line) }
    }

    let areas: PanelAreas
    let settings: Rect
    /// The number of lines below the settings for the next token; 0 if it is next to them, has no room, or is missing.
    let belowHeight: Int

    /// - Parameters:
    ///   - noteHeight: the number of lines about the selected setting.
    ///   - hasToken: whether there is a next token.
    init(_ size: Size, noteHeight: Int, hasToken: Bool) {
        let panel = PanelLayout(size)
        areas = PanelAreas(panel, noteHeight: noteHeight, hasPreview: true)
        if areas.preview != nil {
            (settings, belowHeight) = (areas.rows, 0)
        } else {
            let all = panel.rows
            belowHeight = all.height >= 7 && hasToken ? min(all.height / 2, SamplingPanel.rows + 4) : 0
            settings = Rect(
                x: all.x, y: all.y, width: all.width,
                height: belowHeight > 0 ? all.height - belowHeight - 1 : all.height)
        }
    }
}
