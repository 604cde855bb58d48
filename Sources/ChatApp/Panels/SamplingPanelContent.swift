import Chat
import TUI

extension SamplingPanel {
    func content(_ state: AppState) -> PanelContent {
        let settings = state.session.settings
        let standard = state.presetSettings
        let selected = max(0, min(selected, SettingTable.rows.count - 1))
        let whole = PanelLayout(state.size).rows
        let note = note(for: SettingTable.rows[selected], standard, width: whole.width)
        let areas = PanelAreas(PanelLayout(state.size), noteHeight: note.count, hasPreview: true)
        let footer = complaint.map { PanelFooter.remark("! \($0)", .warning) }
            ?? .keys(["←→ change", "type a value", "Del resets", "Ctrl-R all", "Ctrl-←→ place", "Esc closes"])
        let list = list(settings, standard, selected, width: areas.rows.width)
        if let beside = areas.preview {
            return PanelContent(
                title: "Sampling", rows: PanelRows(list.rows), selected: list.selected, note: note,
                preview: DistributionPane(panel: self, state: state).lines(width: beside.width, height: beside.height),
                footer: footer)
        }
        // Below each other: the settings around the chosen one, and under them what they do.
        guard whole.height >= 7 else {
            return PanelContent(
                title: "Sampling", rows: PanelRows(list.rows), selected: list.selected, footer: footer)
        }
        let below = min(whole.height / 2, Self.rows + 4)
        let shown = whole.height - below - 1
        let top = max(0, min(list.selected - shown / 2, list.rows.count - shown))
        var rows = Array(list.rows[top..<min(top + shown, list.rows.count)])
        // What the chosen setting does stands on the line between where that is wide enough, else where the token is.
        var pane = DistributionPane(panel: self, state: state).lines(width: whole.width, height: below + 1)
        let isRoomy = whole.width >= 60
        let title = isRoomy ? StyledLine(SettingTable.rows[selected].summary, .muted) : pane.removeFirst()
        rows.append(rule(title, width: whole.width))
        rows += pane.prefix(below)
        return PanelContent(
            title: "Sampling", rows: PanelRows(rows), selected: list.selected - top, footer: footer)
    }

    private func rule(_ title: StyledLine, width: Int) -> StyledLine {
        var line = StyledLine("── ", .panelBorder)
        line.append(Wrapping.truncate(title.text, width: width - 4), title.spans.first?.role ?? .muted)
        line.append(" " + String(repeating: "─", count: max(0, width - line.width - 1)), .panelBorder)
        return line
    }

    private func list(
        _ settings: GenerationSettings, _ standard: GenerationSettings, _ selected: Int, width: Int
    ) -> (rows: [StyledLine], selected: Int) {
        var rows: [StyledLine] = []
        var selectedLine = 0
        var group: SettingRow.Group?
        for (index, row) in SettingTable.rows.enumerated() {
            if row.group != group {
                if group != nil { rows.append(StyledLine()) }
                rows.append(StyledLine(row.group.rawValue, .panelTitle))
                group = row.group
            }
            if index == selected { selectedLine = rows.count }
            rows.append(line(for: row, settings, standard, isSelected: index == selected, width: width))
        }
        return (rows, selectedLine)
    }

    /// Name, value (with a star where it is not the preset's), and what it does to the next token or may be.
    private func line(
        for row: SettingRow, _ settings: GenerationSettings, _ standard: GenerationSettings, isSelected: Bool,
        width: Int
    ) -> StyledLine {
        let isActive = row.isActive(in: settings)
        let nameWidth = min(23, max(8, width - 19))
        var line = StyledLine(
            Wrapping.truncate(row.command, width: nameWidth - 1).padded(to: nameWidth), isActive ? .text : .muted)
        if isSelected, let entry {
            line.append("\(entry)▏", .accent)
            return line
        }
        let star = row.value(in: settings) == row.value(in: standard) ? "" : "*"
        let value = row.isNumeric && row.off == row.value(in: settings) ? "off" : row.text(in: settings)
        line.append("\(Wrapping.truncate(value, width: 10))\(star)".padded(to: 12), isActive ? .accent : .muted)
        if let effect = effect(of: row) {
            line.append(effect, .stats)
        } else {
            line.append(row.range, .muted)
        }
        return line
    }

    /// What the step of this setting does to the candidates; nil where it has none, or does nothing to them.
    private func effect(of row: SettingRow) -> String? {
        guard let trace = moment?.trace, let place = trace.steps.firstIndex(where: { $0.kind.rawValue == row.command })
        else { return nil }
        let step = trace.steps[place]
        if step.moved > 0 { return "moves \(step.moved)" }
        // A temperature above 0 takes nothing away.
        let before = place > 0 ? trace.steps[place - 1].left : trace.vocabulary
        return step.kind != .temperature || step.left < before ? "→ \(step.left)" : nil
    }

    private func note(for row: SettingRow, _ standard: GenerationSettings, width: Int) -> [StyledLine] {
        let range = row.range.isEmpty ? "" : " (\(row.range), preset \(row.text(in: standard)))"
        return Wrapping.wrap(StyledLine("\(row.summary)\(range)", .muted), width: width)
    }
}

extension SettingRow {
    fileprivate var isNumeric: Bool {
        switch kind {
        case .number, .integer: true
        case .toggle, .seed, .choice, .texts, .biases: false
        }
    }

    /// The range in a few characters; empty where there is none to speak of.
    fileprivate var range: String {
        switch kind {
        case .number(_, let range, _):
            "\(SettingValue.number(range.lowerBound))…\(SettingValue.number(range.upperBound))"
        case .integer(_, let range, _): "\(range.lowerBound)…\(range.upperBound)"
        case .toggle: "on, off"
        case .choice(_, let words): words.joined(separator: ", ")
        case .seed, .texts, .biases: ""
        }
    }
}
