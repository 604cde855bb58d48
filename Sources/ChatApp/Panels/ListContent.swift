import Chat
import TUI

extension ListPanel {
    func content(_ state: AppState) -> PanelContent {
        let areas = state.areas(of: self)
        let line = prompt?.editor ?? filter
        let editor = EditorLayout(line, size: Size(width: 10_000, height: 1))
        let label = prompt?.label ?? "› "
        let top = top(height: areas.rows.height)
        let rows =
            entries.isEmpty
            ? PanelRows([StyledLine(filter.isEmpty ? source.empty : "nothing matches", .muted)])
            : PanelRows(count: entries.count) { row($0, top: top, areas) }
        return PanelContent(
            title: "\(source.title) \(entries.count)",
            filter: PanelField(label: label, text: editor.rows.first ?? "", cursor: editor.cursor.x), rows: rows,
            selected: entries.isEmpty ? nil : min(selected, entries.count - 1),
            top: top, note: note(width: areas.rows.width),
            preview: areas.preview.map { preview(state, Size(width: $0.width, height: $0.height)) },
            shape: source.shape, footer: footer(areas))
    }

    /// What is wrong with what is selected, where no preview tells it.
    func note(width: Int) -> [StyledLine] {
        guard !source.hasPreview, let remarks = selectedEntry?.remarks else { return [] }
        return Array(
            remarks.flatMap { Wrapping.wrap(StyledLine("! \($0)", .warning), width: width) }.prefix(Self.noteLimit))
    }

    private static let noteLimit = 8

    private func footer(_ areas: PanelAreas) -> PanelFooter {
        let width = areas.rows.width
        if prompt != nil { return .keys([KeyHint(.enter, "does it"), .goesBack]) }
        if let problem = selectedEntry?.problem { return .remark("! \(problem)", .warning, whole: .more) }
        if areas.note == nil, areas.preview == nil, let remark = selectedEntry?.remarks.first {
            return .remark("! \(remark)", .warning, whole: .more)
        }
        if source.isTable, width < ListColumns.widthWithDetails, let detail = selectedEntry?.details.first {
            return .remark(detail, .muted, whole: .more)
        }
        var parts = entries.isEmpty ? [] : [KeyHint(.enter, source.verb)]
        parts += KeyMap.rows.filter { $0.group.contexts == [source.context] }.compactMap { row in
            row.label.map { KeyHint(row.keys[0], $0) }
        }
        let isWhole = !source.hasPreview || areas.preview != nil || entries.isEmpty
        return .keys(parts + ["type to filter", .closes], isWhole: isWhole)
    }

    /// What is told of what is selected, beside the rows.
    func preview(_ state: AppState, _ size: Size) -> [StyledLine] {
        let width = size.width
        switch selectedEntry?.choice {
        case .model(let model): return state.modelPreview(model, width: width)
        case .session(let id): return state.sessionPreview(id, size)
        case .preset(let name): return state.presetPreview(name, width: width)
        case .command(let name): return state.commandPreview(name, width: width)
        case .setting(let name): return state.settingPreview(name, width: width)
        case .theme(let name): return state.themePreview(name, width: width)
        case .key(let action, let context): return state.keyPreview(action, in: context, width: width)
        case nil: return []
        }
    }

    private func row(_ index: Int, top: Int, _ areas: PanelAreas) -> StyledLine {
        let entry = entries[index]
        let width = areas.rows.width
        if source.isTable {
            // A kind is told once for those that follow each other.
            let isFirst = index == top || entries[index - 1].kind != entry.kind
            return tableRow(for: entry, kind: isFirst ? entry.kind : nil, areas)
        }
        var line = mark(entry)
        // Of the details the first has to be seen, unless there is hardly room for titles.
        let first = width < Self.widthForTitles ? nil : entry.excerpt ?? entry.details.first
        let needed = first.map { min(DisplayWidth.of(Sanitizer.visible($0)) + 2, width / 3) } ?? 0
        appendTitle(entry, to: &line, width: max(4, width - line.width - needed))
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

    /// Kind, title and details beneath each other; what a preview tells need not stand here too.
    private func tableRow(for entry: ListEntry, kind: String?, _ areas: PanelAreas) -> StyledLine {
        var line = mark(entry)
        let widths = columns.widths(in: areas.rows.width - line.width, isTold: areas.preview != nil)
        line.append(Wrapping.truncate(kind ?? "", width: widths.kind - 2).padded(to: widths.kind), .muted)
        let column = line.width + widths.title
        appendTitle(entry, to: &line, width: widths.details > 0 ? widths.title - 2 : widths.title)
        guard widths.details > 0 else { return line }
        line.append(String(repeating: " ", count: column - line.width), .text)
        line.append(Wrapping.truncate(ListColumns.details(of: entry), width: widths.details), .muted)
        return line
    }

    private static let widthForTitles = 24

    private func mark(_ entry: ListEntry) -> StyledLine {
        StyledLine(entry.isCurrent ? "● " : entry.problem == nil && entry.remarks.isEmpty ? "  " : "! ", .accent)
    }

    /// The title, with what the filter met, and what follows it as far as there is room.
    private func appendTitle(_ entry: ListEntry, to line: inout StyledLine, width: Int) {
        let end = line.width + width
        for (position, character) in Wrapping.truncate(entry.title, width: width).enumerated() {
            let role: StyleRole = entry.matches.contains(position) ? .match : entry.problem == nil ? .text : .muted
            line.append(String(character), role)
        }
        let left = end - line.width - 1
        if !entry.suffix.isEmpty, left > 2 { line.append(" \(Wrapping.truncate(entry.suffix, width: left))", .muted) }
    }
}
