import Chat
import TUI

extension Panel {
    func content(_ state: AppState) -> PanelContent {
        switch self {
        case .list(let list): list.content(state)
        case .sampling(let sampling): sampling.content(state)
        case .text(let text): text.content(state)
        }
    }
}

extension TextPanel {
    func content(_ state: AppState) -> PanelContent {
        let rows = lines(state)
        let height = PanelLayout(state.size).rows.height
        let top = max(0, min(top, rows.count - height))
        let place = rows.count > height ? "\(min(rows.count, top + height))/\(rows.count)  " : ""
        return PanelContent(title: title, rows: rows, top: top, footer: StyledLine("\(place)Esc closes", .muted))
    }
}

extension ListPanel {
    func content(_ state: AppState) -> PanelContent {
        let entries = state.entries(of: self)
        let width = PanelLayout(state.size).rows.width
        let selected = max(0, min(selected, entries.count - 1))
        let filterLayout = EditorLayout(filter, size: Size(width: 10_000, height: 1))
        var rows = entries.map { row(for: $0, width: width) }
        if rows.isEmpty {
            rows = [StyledLine(filter.isEmpty ? source.empty : "nothing matches", .muted)]
        }
        let problem = entries.indices.contains(selected) ? entries[selected].problem : nil
        return PanelContent(
            title: "\(source.title) \(entries.count)", filter: (filterLayout.rows.first ?? "", filterLayout.cursor.x),
            rows: rows, selected: entries.isEmpty ? nil : selected,
            footer: problem.map { StyledLine("! \($0)", .warning) }
                ?? StyledLine("Enter \(source.verb)s  type to filter  Esc closes", .muted))
    }

    /// The title with what the filter met, and as many details as fit.
    private func row(for entry: ListEntry, width: Int) -> StyledLine {
        var line = StyledLine(entry.isCurrent ? "● " : entry.problem == nil ? "  " : "! ", .accent)
        let shown = Wrapping.truncate(entry.title, width: max(4, min(width - 2, width * 2 / 3)))
        for (position, character) in shown.enumerated() {
            let role: StyleRole = entry.matches.contains(position) ? .match : entry.problem == nil ? .text : .muted
            line.append(String(character), role)
        }
        let room = width - line.width - 2
        let details = entry.details.joined(separator: " · ")
        if DisplayWidth.of(Sanitizer.visible(details)) > room, room > 8 {
            line.append("  \(Wrapping.truncate(details, width: room))", .muted)
            return line
        }
        return .justified(line, parts: entry.details, role: .muted, width: width)
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
            rows.append(line(for: row, settings, isSelected: index == selected))
        }
        return PanelContent(
            title: "Sampling", rows: rows, selected: selectedLine,
            footer: complaint.map { StyledLine("! \($0)", .warning) }
                ?? StyledLine("←→ change  type a value  Del default  Esc closes", .muted))
    }

    private func line(for row: SettingRow, _ settings: GenerationSettings, isSelected: Bool) -> StyledLine {
        let isActive = row.isActive(in: settings)
        var line = StyledLine()
        line.append(row.command.padded(to: 22), isActive ? .text : .muted)
        if isSelected, let entry {
            line.append("\(entry)▏".padded(to: 11), .accent)
        } else {
            let isDefault = row.value(in: settings) == row.value(in: GenerationSettings())
            let value = isActive || row.off == nil || row.needs != nil ? row.text(in: settings) : "off"
            line.append("\(Wrapping.truncate(value, width: 9))\(isDefault ? "" : "*")".padded(to: 11), isActive ? .accent : .muted)
        }
        line.append("\(row.range.padded(to: 12))\(row.summary)", .muted)
        return line
    }
}

extension SettingRow {
    /// The range in a few characters; empty where there is none to speak of.
    fileprivate var range: String {
        switch kind {
        case .number(_, let range, _): "\(SettingValue.number(range.lowerBound))…\(SettingValue.number(range.upperBound))"
        case .integer(_, let range, _): "\(range.lowerBound)…\(range.upperBound >= 100_000 ? "" : "\(range.upperBound)")"
        case .seed, .texts, .biases: ""
        }
    }
}
