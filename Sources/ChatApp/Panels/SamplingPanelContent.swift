import Chat
import TUI

extension SamplingPanel {
    func content(_ state: AppState) -> PanelContent {
        let layout = state.layout(of: self)
        let top = top(height: layout.settings.height)
        let place = SamplingLayout.place(of: selected).upperBound
        let lines = PanelRows(count: SamplingLayout.lines.count) { index in
            switch SamplingLayout.lines[index] {
            case .blank: StyledLine()
            case .heading(let group): StyledLine(group.rawValue, .panelTitle)
            case .setting(let setting): line(for: setting, state, width: layout.settings.width)
            }
        }
        var content = PanelContent(
            title: "Sampling", rows: lines, selected: place, top: top,
            footer: footer(isWhole: layout.areas.preview != nil && layout.areas.note != nil))
        let pane = DistributionPane(panel: self, state: state)
        if let beside = layout.areas.preview {
            content.note = note(state.presetSettings, width: PanelLayout(state.screen.size).rows.width)
            content.preview = pane.lines(width: beside.width, height: beside.height)
        } else if layout.belowHeight > 0 {
            // Below each other: the settings around the chosen one, and under them what they do.
            let width = layout.settings.width
            var below = pane.lines(width: width, height: layout.belowHeight + 1)
            // What the chosen setting does stands on the line between where that is wide enough, else where the token is.
            let title = width >= 60 ? StyledLine(row.summary, .muted) : below.removeFirst()
            let shown = (top..<min(top + layout.settings.height, lines.count)).map(lines.line)
            content.rows = PanelRows(shown + [rule(title, width: width)] + below.prefix(layout.belowHeight))
            (content.selected, content.top) = (place - top, 0)
        }
        return content
    }

    /// - Parameter isWhole: whether all that is told of the setting is in sight.
    func footer(isWhole: Bool) -> PanelFooter {
        if let complaint { return .remark("! \(complaint)", .warning, whole: isWhole ? nil : .more) }
        if entry != nil {
            let expectation = KeyHint(text: row.expectation, key: nil)
            return .keys([KeyHint(.enter, "takes it"), KeyHint(.escape, "drops it"), expectation])
        }
        return .keys(
            [
                "←→ change", "type a value", KeyHint(text: "Del resets", key: .delete), KeyHint(.control("r"), "all"),
                "Ctrl-←→ place", .closes,
            ], isWhole: isWhole)
    }

    private func rule(_ title: StyledLine, width: Int) -> StyledLine {
        var line = StyledLine("── ", .panelBorder)
        line.append(Wrapping.truncate(title.text, width: width - 4), title.spans.first?.role ?? .muted)
        line.append(" " + String(repeating: "─", count: max(0, width - line.width - 1)), .panelBorder)
        return line
    }

    /// Name, value (with a star where it is not the preset's), and what it does to the next token or may be. A number is
    /// never cut: the name and what stands at the end give way to it.
    private func line(for index: Int, _ state: AppState, width: Int) -> StyledLine {
        let row = SettingTable.rows[index]
        let settings = state.session.record.settings
        let isActive = row.isActive(in: settings)
        let star = row.value(in: settings) == row.value(in: state.presetSettings) ? "" : "*"
        let value = row.text(in: settings)
        let isLong = value.count + star.count >= Self.valueWidth
        var nameWidth = min(23, max(8, width - 7 - Self.valueWidth))
        // The chosen one has its whole name, where others do with its beginning.
        if index == selected, row.command.count >= nameWidth {
            nameWidth = max(nameWidth, min(row.command.count + 1, width - value.count - star.count))
        }
        if isLong { nameWidth = min(nameWidth, max(row.command.count + 1, width - value.count - star.count)) }
        var line = StyledLine(
            Self.shortened(row.command, to: nameWidth - 1).padded(to: nameWidth), isActive ? .text : .muted)
        if index == selected, let entry {
            line.append("\(Self.end(of: entry, width: width - nameWidth - 1))▏", .accent)
            return line
        }
        let room = width - nameWidth - star.count
        line.append(
            "\(Wrapping.truncate(value, width: room))\(star)".padded(to: Self.valueWidth), isActive ? .accent : .muted)
        let effect = effect(of: row)
        let hint = effect ?? row.range
        if isLong { line.append("  ", .text) }
        if DisplayWidth.of(hint) <= width - line.width { line.append(hint, effect == nil ? .muted : .stats) }
        return line
    }

    private static let valueWidth = 12

    /// Its beginning where it is too long, or beginning and end where another begins like it (`dynatemp_range`,
    /// `dynatemp_exponent`).
    private static func shortened(_ name: String, to width: Int) -> String {
        guard name.count > width else { return name }
        let beginning = name.prefix(max(0, width - 1))
        let isAlone = !SettingTable.rows.contains { $0.command != name && $0.command.hasPrefix(beginning) }
        let end = isAlone ? 0 : max(0, width - 1) / 2
        return "\(name.prefix(max(0, width - 1 - end)))…\(name.suffix(end))"
    }

    /// The end of what is being typed, where the cursor is, as far as there is room for it.
    private static func end(of entry: String, width: Int) -> String {
        var end = Sanitizer.visible(String(entry.suffix(max(0, width))))
        while DisplayWidth.of(end) > width, !end.isEmpty { end.removeFirst() }
        return end
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

    /// What the chosen setting does, may be, and is in the preset.
    func note(_ standard: GenerationSettings, width: Int) -> [StyledLine] {
        let range = row.range.isEmpty ? "" : " (\(row.range), preset \(row.text(in: standard)))"
        return Wrapping.wrap(StyledLine("\(row.summary)\(range)", .muted), width: width)
    }
}

extension SettingRow {
    /// The range in a few characters; empty where there is none to speak of.
    fileprivate var range: String {
        switch kind {
        case .number(_, let range, _):
            "\(SettingValue.number(range.lowerBound))…\(SettingValue.number(range.upperBound))"
        case .integer(_, let range, _): "\(Format.brief(range.lowerBound))…\(Format.brief(range.upperBound))"
        case .toggle: "on, off"
        case .choice(_, let words): words.joined(separator: ", ")
        case .seed, .texts, .biases: ""
        }
    }
}
