import Chat
import TUI

/// What of the sampling panel stands where: the settings with their headings, and the next token beside or below them.
struct SamplingLayout {
    enum Line: Sendable {
        case blank
        case heading(SettingRow.Group)
        /// A row of `SettingTable`.
        case setting(Int)
    }

    /// Every line, from the first setting to the last.
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

    /// Where each setting stands, with the heading where it is the first of its group.
    private static let places: [ClosedRange<Int>] = lines.indices.compactMap { place in
        guard case .setting = lines[place] else { return nil }
        if place > 0, case .heading = lines[place - 1] { return place - 1...place }
        return place...place
    }

    static func place(of setting: Int) -> ClosedRange<Int> { places[max(0, min(setting, places.count - 1))] }

    /// The setting on a line, or the nearest one in these lines.
    static func setting(on line: Int, in shown: Range<Int>) -> Int? {
        let settings = places.indices.filter { shown.contains(places[$0].upperBound) }
        return settings.min { abs(places[$0].upperBound - line) < abs(places[$1].upperBound - line) }
    }

    let areas: PanelAreas
    /// The lines of the settings.
    let settings: Rect
    /// The lines below them for the next token; 0 where it stands beside them, has no room, or is none.
    let belowHeight: Int

    /// - Parameters:
    ///   - noteHeight: the lines about the chosen setting.
    ///   - hasToken: whether there is a next token to speak of.
    init(_ size: Size, noteHeight: Int, hasToken: Bool) {
        let panel = PanelLayout(size)
        areas = PanelAreas(panel, noteHeight: noteHeight, hasPreview: true)
        if areas.preview != nil {
            (settings, belowHeight) = (areas.rows, 0)
        } else {
            let whole = panel.rows
            belowHeight = whole.height >= 7 && hasToken ? min(whole.height / 2, SamplingPanel.rows + 4) : 0
            settings = Rect(
                x: whole.x, y: whole.y, width: whole.width,
                height: belowHeight > 0 ? whole.height - belowHeight - 1 : whole.height)
        }
    }
}

extension AppState {
    func layout(of panel: SamplingPanel) -> SamplingLayout {
        SamplingLayout(
            screen.size, noteHeight: panel.note(presetSettings, width: PanelLayout(screen.size).rows.width).count,
            hasToken: session.reply != nil || session.record.conversation.head != nil)
    }

    /// A click selects a setting, and a second one lets its value be typed.
    mutating func click(_ point: Point, in panel: SamplingPanel) -> [Effect] {
        let area = layout(of: panel).settings
        let top = panel.top(height: area.height)
        let line = top + point.y - area.y
        guard area.contains(point), let setting = SamplingLayout.setting(on: line, in: line..<line + 1) else {
            return []
        }
        if setting == panel.selected { return panel.entry == nil ? perform(SamplingAction.enter) : [] }
        guard let effects = takeTyped(), case .sampling(var panel) = self.screen.panel else { return [] }
        panel.select(setting, height: area.height)
        self.screen.panel = .sampling(panel)
        return effects
    }
}
