import Chat
import TUI

/// What the panel for fetching models shows.
extension PullPanel {
    func content(_ state: AppState) -> PanelContent? {
        let area = rows(state)
        let editor = EditorLayout(address, size: Size(width: 10_000, height: 1))
        var content = PanelContent(
            title: state.library.pull == nil ? "Get a model" : "Getting a model",
            filter: PanelField(label: "address: ", text: editor.rows.first ?? "", cursor: editor.cursor.x),
            rows: PanelRows([]), footer: .keys([.close]))
        if let lines = pageLines(state) {
            content.rows = PanelRows(lines)
            content.top = page.top(count: lines.count, height: area.height)
            content.footer = .keys(
                request?.plan == nil ? [request == nil ? .close : .back] : [KeyHint(.enter, "download"), .back])
            return content
        }
        let models = state.recommendations.fitting
        content.rows = models.isEmpty ? PanelRows([emptyLine(state)]) : modelRows(models, state, width: area.width)
        content.selected = models.isEmpty ? nil : selected
        content.top = top(height: area.height, count: models.count)
        content.footer = .keys([KeyHint(.enter, "details"), "↑↓ recommended", .close])
        return content
    }

    private func emptyLine(_ state: AppState) -> StyledLine {
        let text =
            state.library.recommended.isEmpty
            ? "Type an address: hf.co/OWNER/NAME or ollama.com/NAME" : "No recommended model fits this computer"
        return StyledLine(text, .muted)
    }

    // MARK: The recommended models

    private func modelRows(_ models: [RecommendedModel], _ state: AppState, width: Int) -> PanelRows {
        let best = state.recommendations.best
        let cells = models.map { $0.cells(memory: state.about.memory) }
        let columns = CellColumns(
            zip(models, cells).map { ($0.title, $1) }, [.right, .left, .right, .right, .left, .left])
        return PanelRows(count: models.count) { index in
            let model = models[index]
            var line = StyledLine(model == best ? "★ " : "  ", .accent)
            let start = line.width + columns.titleWidth(in: width - line.width)
            line.append(Wrapping.truncate(model.title, width: start - line.width), .text)
            columns.append(cells[index], to: &line, from: start, in: width - 2)
            return line
        }
    }

    // MARK: What would be fetched, and how far it is

    /// What is shown in place of the recommended models; nil while those are.
    func pageLines(_ state: AppState) -> [StyledLine]? {
        var page = PreviewPage(width: rows(state).width)
        if let pull = state.library.pull {
            add(pull, state, to: &page)
        } else if let request {
            guard let plan = request.plan else { return [StyledLine("Asking for \(request.address) …", .muted)] }
            page.title(plan.address)
            for fact in plan.facts(memory: state.about.memory) { page.row(fact.name, fact.value) }
        } else {
            return nil
        }
        return page.lines
    }

    private func add(_ pull: RunningPull, _ state: AppState, to page: inout PreviewPage) {
        page.title(pull.plan?.address ?? pull.address)
        let now = state.instant
        page.text(pull.text(now: now, separator: ", ").capitalizedFirst)
        page.row("arrived", pull.progress.percent.map { "\($0) %" })
        page.blank()
        page.text(
            "It goes on when this panel is closed. Esc in the chat, /stop or /pull stop stops it.", .muted)
    }
}

extension PullPlan {
    /// Names and values of what is known.
    ///
    /// - Parameter memory: the computer's memory, in bytes; 0 if that is not known.
    func facts(memory: Int) -> [(name: String, value: String)] {
        let here = presentBytes > 0 ? ", \(ByteText.size(presentBytes)) of it already here" : ""
        let needed = memoryBytes.map { needed in
            guard memory > 0 else { return ByteText.size(needed) }
            return needed <= memory
                ? "\(ByteText.size(needed)) of \(ByteText.size(memory))"
                : "needs \(ByteText.size(needed)), this computer has \(ByteText.size(memory))"
        }
        let facts = [
            ("format", format), ("size", bytes.map { ByteText.size($0) + here }), ("memory", needed),
            ("license", license), ("note", note),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension RecommendedModel {
    /// Parameters, those that are active, download, memory, licence, use.
    fileprivate func cells(memory: Int) -> [ListCell] {
        [
            ListCell(Format.parameters(parameters)),
            ListCell(ModelText.activeParameters(activeParameters, of: parameters)), ListCell(ByteText.size(bytes)),
            ListCell("\(ByteText.size(memoryBytes)) RAM", fit(in: memory) == .roomy ? .muted : .warning),
            ListCell(license), ListCell(use.rawValue),
        ]
    }

    /// The same as texts of their own.
    var facts: [String] {
        [
            ModelText.parameters(parameters, active: activeParameters), "\(ByteText.size(bytes)) download",
            "\(ByteText.size(memoryBytes)) memory", license, use.rawValue,
        ]
    }
}
