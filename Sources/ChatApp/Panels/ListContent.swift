import Chat
import TUI

extension ListPanel {
    func content(_ state: AppState) -> PanelContent {
        let areas = state.areas(of: self)
        let line = prompt?.editor ?? filter
        let editor = EditorLayout(line, size: Size(width: 10_000, height: 1))
        let label = prompt?.label ?? "› "
        let top = shownTop(height: areas.rows.height)
        let rows = entries.isEmpty
            ? PanelRows([StyledLine(filter.isEmpty ? source.empty : "nothing matches", .muted)])
            : PanelRows(count: entries.count) { row($0, top: top, width: areas.rows.width) }
        return PanelContent(
            title: "\(source.title) \(entries.count)",
            filter: PanelField(label: label, text: editor.rows.first ?? "", cursor: editor.cursor.x), rows: rows,
            selected: entries.isEmpty ? nil : min(selected, entries.count - 1),
            top: top, preview: areas.preview.map { preview(state, $0) },
            shape: source.shape, footer: footer(areas.rows.width))
    }

    private func footer(_ width: Int) -> PanelFooter {
        if prompt != nil { return .keys(["Enter does it", "Esc goes back"]) }
        if let problem = selectedEntry?.problem { return .remark("! \(problem)", .warning) }
        if source.isTable, width < Self.tableWidth, let detail = selectedEntry?.details.first {
            return .remark(detail, .muted)
        }
        var parts = ["Enter \(source.verb)"]
        parts += KeyMap.rows.filter { $0.group.contexts == [source.context] }.compactMap { row in
            row.label.map { "\(row.keys[0]) \($0)" }
        }
        return .keys(parts + ["type to filter", "Esc closes"])
    }

    private func preview(_ state: AppState, _ area: Rect) -> [StyledLine] {
        let width = area.width
        switch selectedEntry?.choice {
        case .model(let model): return state.modelPreview(model, width: width)
        case .session(let id): return state.sessionPreview(id, Size(width: width, height: area.height))
        case .preset(let name): return state.presetPreview(name, width: width)
        case .command(let name): return state.commandPreview(name, width: width)
        case .setting(let name): return state.settingPreview(name, width: width)
        case .theme(let name): return state.themePreview(name, width: width)
        case .key(let action, let context): return state.keyPreview(action, in: context, width: width)
        case nil: return []
        }
    }

    private func row(_ index: Int, top: Int, width: Int) -> StyledLine {
        let entry = entries[index]
        if source.isTable {
            // A kind is told once for those that follow each other.
            let isFirst = index == top || entries[index - 1].kind != entry.kind
            return tableRow(for: entry, kind: isFirst ? entry.kind : nil, width: width)
        }
        var line = mark(entry)
        appendTitle(entry, to: &line, width: max(4, min(width - 2, width * 2 / 3)))
        let room = width - line.width - 2
        if let excerpt = entry.excerpt {
            guard room > 8 else { return line }
            line.append("  ", .text)
            line.spans += StyledLine(Wrapping.truncate(excerpt, width: room), .muted).marking(filter.text).spans
            return line
        }
        let details = entry.details.joined(separator: " · ")
        if entry.details.count == 1, DisplayWidth.of(Sanitizer.visible(details)) > room, room > 8 {
            line.append("  \(Wrapping.truncate(details, width: room))", .muted)
            return line
        }
        return .justified(line, parts: entry.details, role: .muted, width: width)
    }

    /// Kind, title and details beneath each other; where there is little room the kind is left out, then the details.
    private func tableRow(for entry: ListEntry, kind: String?, width: Int) -> StyledLine {
        var line = mark(entry)
        if width >= Self.kindTableWidth {
            let column = min(14, width / 5)
            line.append(Wrapping.truncate(kind ?? "", width: column - 2).padded(to: column), .muted)
        }
        guard width >= Self.tableWidth else {
            appendTitle(entry, to: &line, width: width - line.width)
            return line
        }
        let column = line.width + min(34, (width - line.width) * 2 / 5)
        appendTitle(entry, to: &line, width: column - line.width - 2)
        line.append(String(repeating: " ", count: column - line.width), .text)
        line.append(Wrapping.truncate(entry.details.joined(separator: " · "), width: width - column), .muted)
        return line
    }

    private static let tableWidth = 30
    private static let kindTableWidth = 46

    private func mark(_ entry: ListEntry) -> StyledLine {
        StyledLine(entry.isCurrent ? "● " : entry.problem == nil ? "  " : "! ", .accent)
    }

    /// The title, with what the filter met.
    private func appendTitle(_ entry: ListEntry, to line: inout StyledLine, width: Int) {
        for (position, character) in Wrapping.truncate(entry.title, width: width).enumerated() {
            let role: StyleRole = entry.matches.contains(position) ? .match : entry.problem == nil ? .text : .muted
            line.append(String(character), role)
        }
    }
}
