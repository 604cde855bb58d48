import Chat
import TUI

extension Panel {
    /// nil for a panel that has a view of its own.
    func content(_ state: AppState) -> PanelContent? {
        switch self {
        case .list(let list): list.content(state)
        case .sampling(let sampling): sampling.content(state)
        case .text(let text): text.content(state)
        case .tree(let tree): tree.content(state)
        case .compare: nil
        }
    }
}

extension TextPanel {
    func content(_ state: AppState) -> PanelContent {
        let rows = lines(state)
        let height = PanelLayout(state.size).rows.height
        let top = max(0, min(top, rows.count - height))
        let place = rows.count > height ? "\(min(rows.count, top + height))/\(rows.count)  " : ""
        return PanelContent(title: title, rows: PanelRows(rows), top: top, footer: StyledLine("\(place)Esc closes", .muted))
    }
}

extension SamplingPanel {
    func content(_ state: AppState) -> PanelContent {
        let settings = state.session.settings
        let selected = max(0, min(selected, SettingTable.rows.count - 1))
        var rows: [StyledLine] = []
        var selectedLine: Int?
        var group: SettingRow.Group?
        for (index, row) in SettingTable.rows.enumerated() {
            if row.group != group {
                if group != nil { rows.append(StyledLine()) }
                rows.append(StyledLine(row.group.rawValue, .panelTitle))
                group = row.group
            }
            if index == selected { selectedLine = rows.count }
            let width = PanelLayout(state.size).rows.width
            rows.append(line(for: row, settings, isSelected: index == selected, width: width))
        }
        return PanelContent(
            title: "Sampling", rows: PanelRows(rows), selected: selectedLine,
            note: note(for: SettingTable.rows[selected], width: PanelLayout(state.size).rows.width),
            footer: complaint.map { StyledLine("! \($0)", .warning) }
                ?? StyledLine("←→ change  type a value  Del default  Esc closes", .muted))
    }

    /// Name, value (with a star where it is not the default) and range.
    private func line(for row: SettingRow, _ settings: GenerationSettings, isSelected: Bool, width: Int) -> StyledLine {
        let isActive = row.isActive(in: settings)
        let nameWidth = min(23, max(8, width - 11))
        var line = StyledLine(
            Wrapping.truncate(row.command, width: nameWidth - 1).padded(to: nameWidth), isActive ? .text : .muted)
        if isSelected, let entry {
            line.append("\(entry)▏", .accent)
            return line
        }
        let star = row.value(in: settings) == row.value(in: GenerationSettings()) ? "" : "*"
        let value = row.isNumeric && row.off == row.value(in: settings) ? "off" : row.text(in: settings)
        line.append("\(Wrapping.truncate(value, width: 10))\(star)".padded(to: 13), isActive ? .accent : .muted)
        line.append(row.range, .muted)
        return line
    }

    private func note(for row: SettingRow, width: Int) -> [StyledLine] {
        let standard = row.text(in: GenerationSettings())
        let range = row.range.isEmpty ? "" : " (\(row.range), default \(standard))"
        return Wrapping.wrap(StyledLine("\(row.summary)\(range)", .muted), width: width)
    }
}

extension SettingRow {
    fileprivate var isNumeric: Bool {
        switch kind {
        case .number, .integer: true
        case .toggle, .seed, .texts, .biases: false
        }
    }

    /// The range in a few characters; empty where there is none to speak of.
    fileprivate var range: String {
        switch kind {
        case .number(_, let range, _):
            "\(SettingValue.number(range.lowerBound))…\(SettingValue.number(range.upperBound))"
        case .integer(_, let range, _): "\(range.lowerBound)…\(range.upperBound)"
        case .toggle: "on, off"
        case .seed, .texts, .biases: ""
        }
    }
}
