import Chat
import TUI

extension ListPanel {
    func content(_ state: AppState) -> PanelContent? {
        let areas = areas(state.screen.size)
        let line = prompt?.editor ?? filter
        let editor = EditorLayout(line, size: Size(width: 10_000, height: 1))
        let top = top(height: areas.rows.height)
        let rows =
            entries.isEmpty
            ? PanelRows([StyledLine(emptyText(state), .muted)])
            : PanelRows(count: entries.count) { row($0, top: top, areas) }
        return PanelContent(
            title: title(state),
            filter: PanelField(
                label: prompt?.label ?? PanelField.prompt, text: editor.rows.first ?? "", cursor: editor.cursor.x),
            rows: rows, selected: entries.isEmpty ? nil : min(selected, entries.count - 1), top: top,
            note: note(width: areas.rows.width),
            preview: areas.preview.map { preview(state, Size(width: $0.width, height: $0.height)) },
            footer: footer(areas))
    }

    private func title(_ state: AppState) -> String {
        let more = searchedText != nil && state.isSearchIncomplete(for: filter.text) ? "+" : ""
        return "\(source.title) (\(entries.count { $0.choice.isItem })\(more))"
    }

    private func emptyText(_ state: AppState) -> String {
        if filter.isEmpty { return source.empty }
        return searchedText != nil && state.isSearching(for: filter.text) ? "Searching …" : "No matches"
    }

    /// What is wrong with the selected entry, if no preview shows it.
    func note(width: Int) -> [StyledLine] {
        guard !source.hasPreview, let remarks = selectedEntry?.remarks else { return [] }
        return Array(
            remarks.flatMap { Wrapping.wrap(StyledLine("! \($0)", .warning), width: width) }.prefix(Self.noteLimit))
    }

    private static let noteLimit = 8

    private func footer(_ areas: PanelAreas) -> PanelFooter {
        let width = areas.rows.width
        if prompt != nil { return .keys([KeyHint(.enter, "confirm"), .back]) }
        if let problem = selectedEntry?.problem { return .remark("! \(problem)", .warning, more: .more) }
        if areas.note == nil, areas.preview == nil, let remark = selectedEntry?.remarks.first {
            return .remark("! \(remark)", .warning, more: .more)
        }
        if source.isTable, width < ListColumns.widthWithDetails, let detail = selectedEntry?.details.first {
            return .remark(detail, .muted, more: .more)
        }
        var verb = source.verb
        if case .serviceModels? = selectedEntry?.choice { verb = "list models" }
        var keys = entries.isEmpty ? [] : [KeyHint(.enter, verb)]
        keys += kind.keys.compactMap { row in row.label.map { KeyHint(row.keys[0], $0) } }
        let isComplete = !source.hasPreview || areas.preview != nil || entries.isEmpty
        return .keys(keys + ["type to filter", .close], isComplete: isComplete)
    }

    // MARK: Details

    /// Details of the selected entry, shown next to the rows.
    private func preview(_ state: AppState, _ size: Size) -> [StyledLine] {
        let width = size.width
        switch selectedEntry?.choice {
        case .model(let model): return state.modelPreview(model, width: width)
        case .serviceModels(let id): return state.servicePreview(id, width: width)
        case .restore(let id): return state.trashPreview(id, width: width)
        case .session(let id): return state.sessionPreview(id, filter: searchedText, size)
        case .preset(let name): return state.presetPreview(name, width: width)
        case .command(let name): return state.commandPreview(name, width: width)
        case .setting(let name): return state.settingPreview(name, width: width)
        case .theme(let name): return state.themePreview(name, width: width)
        case .key(let action, let context): return state.keyPreview(action, in: context, width: width)
        case .message, .token, .plan, .pull, nil: return []
        }
    }

    func detailContent(_ state: AppState, width: Int) -> PanelContent? {
        PanelContent(
            title: selectedEntry?.title ?? source.title, rows: PanelRows(detailLines(state, width: width)),
            footer: .keys([.back] + (selectedEntry == nil ? [] : [KeyHint(.enter, source.verb), "↑↓ previous/next"])))
    }

    private func detailLines(_ state: AppState, width: Int) -> [StyledLine] {
        guard let entry = selectedEntry else { return [StyledLine("Nothing is selected", .muted)] }
        // Several rows of the key map can have the same action, so help shows the row itself.
        guard kind == .help, case .key = entry.choice else {
            return preview(state, Size(width: width, height: .max))
        }
        var page = PreviewPage(width: width)
        page.title(entry.title)
        page.text(entry.details.joined(separator: " · "))
        page.blank()
        page.row("where", entry.kind)
        return page.lines
    }

    // MARK: Rows

    private func row(_ index: Int, top: Int, _ areas: PanelAreas) -> StyledLine {
        let entry = entries[index]
        let width = areas.rows.width
        if source.isTable {
            // The kind is shown once for entries of the same kind that follow each other.
            let isFirst = index == top || entries[index - 1].kind != entry.kind
            return tableRow(for: entry, kind: isFirst ? entry.kind : nil, areas)
        }
        if let cells = entry.cells { return cellRow(for: entry, cells, width: width) }
        var line = mark(entry)
        // The first detail is always shown, unless there is hardly room for titles.
        let first = width < Self.widthForTitles ? nil : entry.excerpt ?? entry.details.first
        let needed = first.map { min(DisplayWidth.of(Sanitizer.visible($0)) + 2, width / 3) } ?? 0
        appendTitle(entry, to: &line, width: max(4, width - line.width - needed))
        let room = width - line.width - 2
        if let excerpt = entry.excerpt {
            guard room > 8 else { return line }
            line.append("  ", .text)
            line.spans +=
                StyledLine(Excerpt.text(excerpt, around: filter.text, width: room), .muted)
                .marking(filter.text).spans
            return line
        }
        let details = entry.details.joined(separator: " · ")
        if entry.details.count == 1, DisplayWidth.of(Sanitizer.visible(details)) > room, room > 8 {
            line.append("  \(Wrapping.truncate(details, width: room))", .muted)
            return line
        }
        return .justified(line, parts: entry.details, role: .muted, width: width)
    }

    /// Kind, title and details in columns. The title gets more room if a preview shows the details.
    private func tableRow(for entry: ListEntry, kind: String?, _ areas: PanelAreas) -> StyledLine {
        var line = mark(entry)
        let widths = columns.widths(in: areas.rows.width - line.width, hasPreview: areas.preview != nil)
        line.append(Wrapping.truncate(kind ?? "", width: widths.kind - 2).padded(to: widths.kind), .muted)
        guard widths.details > 0 else {
            appendTitle(entry, to: &line, width: widths.title)
            return line
        }
        let details = ListColumns.details(of: entry)
        // A title that needs more room takes it from details that need less: nothing is cut only for the column's sake.
        let spare = max(0, widths.details - DisplayWidth.of(Sanitizer.visible(details)))
        let missing = max(0, ListColumns.titleWidth(of: entry) + 2 - widths.title)
        let title = widths.title + min(spare, missing)
        let column = line.width + title
        appendTitle(entry, to: &line, width: title - 2)
        line.append(String(repeating: " ", count: column - line.width), .text)
        line.append(Wrapping.truncate(details, width: widths.details - (title - widths.title)), .muted)
        return line
    }

    private static let widthForTitles = 24

    /// The title and the cells in columns.
    private func cellRow(for entry: ListEntry, _ cells: [ListCell], width: Int) -> StyledLine {
        var line = mark(entry)
        let room = width - line.width
        let start = line.width + cellColumns.titleWidth(in: room)
        appendTitle(entry, to: &line, width: start - line.width)
        cellColumns.append(cells, to: &line, from: start, in: room)
        return line
    }

    private func mark(_ entry: ListEntry) -> StyledLine {
        StyledLine(entry.isCurrent ? "● " : entry.problem == nil && entry.remarks.isEmpty ? "  " : "! ", .accent)
    }

    /// The title with the filter's matches, and the suffix as far as there is room.
    private func appendTitle(_ entry: ListEntry, to line: inout StyledLine, width: Int) {
        let end = line.width + width
        for (position, character) in Wrapping.truncate(entry.title, width: width).enumerated() {
            let role: StyleRole = entry.matches.contains(position) ? .match : entry.problem == nil ? .text : .muted
            line.append(String(character), role)
        }
        let room = end - line.width - 1
        if !entry.suffix.isEmpty, room > 2 { line.append(" \(Wrapping.truncate(entry.suffix, width: room))", .muted) }
    }
}
