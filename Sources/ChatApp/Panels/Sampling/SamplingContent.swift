import Chat
import TUI

extension SamplingPanel {
    func content(_ state: AppState) -> PanelContent? {
        let layout = layout(state)
        let top = top(height: layout.settings.height)
        let position = SamplingLayout.position(of: selected).upperBound
        let lines = PanelRows(count: SamplingLayout.lines.count) { index in
            switch SamplingLayout.lines[index] {
            case .blank: StyledLine()
            case .heading(let group): StyledLine(group.rawValue, .panelTitle)
            case .setting(let setting): line(for: setting, state, width: layout.settings.width)
            }
        }
        var content = PanelContent(
            title: "Sampling", rows: lines, selected: position, top: top,
            footer: footer(isComplete: layout.areas.preview != nil && layout.areas.note != nil))
        let pane = DistributionPane(panel: self, state: state)
        if let side = layout.areas.preview {
            content.note = note(state, width: PanelLayout(state.screen.size).rows.width)
            content.preview = pane.lines(width: side.width, height: side.height)
        } else if layout.belowHeight > 0 {
            // The settings around the selected one, and below them the next token.
            let width = layout.settings.width
            var below = pane.lines(width: width, height: layout.belowHeight + 1)
            // The line between them describes the selected setting if it is wide enough, else the token.
            let title = width >= 60 ? StyledLine(row.summary, .muted) : below.removeFirst()
            let shown = (top..<min(top + layout.settings.height, lines.count)).map(lines.line)
            content.rows = PanelRows(shown + [rule(title, width: width)] + below.prefix(layout.belowHeight))
            (content.selected, content.top) = (position - top, 0)
        }
        return content
    }

    /// What is next to and below the settings if there is room, after the reason why a value was refused.
    func detailContent(_ state: AppState, width: Int) -> PanelContent? {
        var page = PreviewPage(width: width)
        if let complaint {
            page.text("! \(complaint)", .warning)
            page.blank()
        }
        let lines =
            page.lines + state.settingPreview(row.command, width: width) + [StyledLine()]
            + DistributionPane(panel: self, state: state).lines(width: width)
        // The title shows the value, whatever part of the page is on the screen.
        let value = entry.map { "\($0)▏" } ?? row.text(in: state.session.record.settings)
        return PanelContent(
            title: "\(value) · \(row.command)", rows: PanelRows(lines),
            footer: entry == nil ? .keys([.back, "←→ change", "↑↓ previous/next"]) : footer(isComplete: true))
    }

    /// - Parameter isComplete: whether all details of the setting are on the screen.
    private func footer(isComplete: Bool) -> PanelFooter {
        if let complaint { return .remark("! \(complaint)", .warning, more: isComplete ? nil : .more) }
        if entry != nil {
            let expectation = KeyHint(text: row.expectation, key: nil)
            return .keys([KeyHint(.enter, "apply"), KeyHint(.escape, "cancel"), expectation])
        }
        return .keys(
            [
                "←→ change", "type a value", KeyHint(.delete, "reset"),
                KeyHint(.control("r"), "reset all"), "Ctrl-←→ previous/next token", .close,
            ], isComplete: isComplete)
    }

    private func rule(_ title: StyledLine, width: Int) -> StyledLine {
        var line = StyledLine("── ", .panelBorder)
        line.append(Wrapping.truncate(title.text, width: width - 4), title.spans.first?.role ?? .muted)
        line.append(" " + String(repeating: "─", count: max(0, width - line.width - 1)), .panelBorder)
        return line
    }

    /// Name, value (with a star if the preset has another one), and the effect on the next token or the allowed range. A
    /// number is never cut: the name is shortened and the end of the line left out for it.
    private func line(for index: Int, _ state: AppState, width: Int) -> StyledLine {
        let (row, problem) = state.availability(of: SettingTable.rows[index])
        let settings = state.session.record.settings
        let isActive = problem == nil && row.isActive(in: settings)
        let star = row.value(in: settings) == row.value(in: state.presetSettings) ? "" : "*"
        let value = row.text(in: settings)
        let isLong = value.count + star.count >= Self.valueWidth
        var nameWidth = min(23, max(8, width - 7 - Self.valueWidth))
        // The selected setting shows its full name even if those of the others are shortened.
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
        let effect = problem.map { _ in "not available" } ?? effect(of: row)
        let hint = effect ?? row.range
        if isLong { line.append("  ", .text) }
        if DisplayWidth.of(hint) <= width - line.width { line.append(hint, effect == nil ? .muted : .stats) }
        return line
    }

    private static let valueWidth = 12

    /// The beginning of a name that is too long, or beginning and end if another name begins like it
    /// (`dynatemp_range`, `dynatemp_exponent`).
    private static func shortened(_ name: String, to width: Int) -> String {
        guard name.count > width else { return name }
        let beginning = name.prefix(max(0, width - 1))
        let isUnique = !SettingTable.rows.contains { $0.command != name && $0.command.hasPrefix(beginning) }
        let end = isUnique ? 0 : max(0, width - 1) / 2
        return "\(name.prefix(max(0, width - 1 - end)))…\(name.suffix(end))"
    }

    /// The end of a typed value, where the cursor is, as far as there is room.
    private static func end(of entry: String, width: Int) -> String {
        var end = Sanitizer.visible(String(entry.suffix(max(0, width))))
        while DisplayWidth.of(end) > width, !end.isEmpty { end.removeFirst() }
        return end
    }

    /// What this setting's step does to the candidates; nil if it has no step, or the step does nothing.
    private func effect(of row: SettingRow) -> String? {
        guard let trace = snapshot?.trace,
            let index = trace.steps.firstIndex(where: { $0.kind.rawValue == row.command })
        else { return nil }
        let step = trace.steps[index]
        if step.moved > 0 { return "moves \(step.moved)" }
        // A temperature above 0 removes nothing.
        let before = index > 0 ? trace.steps[index - 1].left : trace.vocabulary
        return step.kind != .temperature || step.left < before ? "→ \(step.left)" : nil
    }

    /// The selected setting: what it does, its range, and the preset's value; or that the model's provider lacks it.
    func note(_ state: AppState, width: Int) -> [StyledLine] {
        let (row, problem) = state.availability(of: row)
        let range = row.range.isEmpty ? nil : "\(row.range), preset \(row.text(in: state.presetSettings))"
        let remark = (problem ?? range).map { " (\($0))" } ?? ""
        return Wrapping.wrap(StyledLine("\(row.summary)\(remark)", .muted), width: width)
    }
}

extension SettingRow {
    /// The range in a few characters; empty for settings without one.
    fileprivate var range: String {
        switch kind {
        case .number(_, let range, _):
            "\(SettingValue.number(range.lowerBound))…\(SettingValue.number(range.upperBound))"
        case .integer(_, let range, _): "\(Format.brief(range.lowerBound))…\(Format.brief(range.upperBound))"
        case .toggle: "on, off"
        case .choice(_, let words): words.joined(separator: ", ")
        case .seed, .strings, .biases: ""
        }
    }
}
