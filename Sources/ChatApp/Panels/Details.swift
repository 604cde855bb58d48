import TUI

/// All that is told of the selected row, over the whole panel: at a key, since in a small window it has no room beside or
/// below the rows.
extension Panel {
    /// Where the person is in it; nil while the rows are shown, and for panels whose rows say all.
    var details: ReadingWindow? {
        get {
            switch self {
            case .list(let list): list.details
            case .sampling(let sampling): sampling.details
            case .tree(let tree): tree.details
            case .tokens, .text, .compare: nil
            }
        }
        set {
            switch self {
            case .list(var list):
                list.details = newValue
                self = .list(list)
            case .sampling(var sampling):
                sampling.details = newValue
                self = .sampling(sampling)
            case .tree(var tree):
                tree.details = newValue
                self = .tree(tree)
            case .tokens, .text, .compare: break
            }
        }
    }

    /// What the panel shows instead of its rows; nil while it shows those.
    func detailContent(_ state: AppState) -> PanelContent? {
        guard let details, let area = layout(state.screen.size)?.rows,
            var content = detailPage(state, width: area.width)
        else {
            return nil
        }
        content.top = details.top(count: content.rows.count, height: area.height)
        return content
    }

    /// From its beginning.
    fileprivate func detailPage(_ state: AppState, width: Int) -> PanelContent? {
        switch self {
        case .list(let list): list.detailPage(state, width: width)
        case .sampling(let sampling): sampling.detailPage(state, width: width)
        case .tree(let tree): tree.detailPage(state, width: width)
        case .tokens, .text, .compare: nil
        }
    }
}

extension AppState {
    mutating func toggleDetails() {
        let isOpen = screen.panel?.details != nil
        screen.panel?.details = isOpen ? nil : ReadingWindow()
    }

    mutating func readDetails(_ step: ScrollStep) {
        guard let area = screen.panel?.layout(screen.size)?.rows,
            let page = screen.panel?.detailPage(self, width: area.width)
        else {
            return
        }
        screen.panel?.details?.move(step, count: page.rows.count, height: area.height)
    }
}

extension KeyAction {
    /// How what pages and scrolls rows moves through details; nil for what does the same there.
    var readingStep: ScrollStep? {
        switch self {
        case .pick(.page(let pages)), .inTree(.page(let pages)), .inSampling(.page(let pages)): .page(pages)
        case .pick(.scroll(let lines)), .inTree(.scroll(let lines)), .inSampling(.scroll(let lines)): .lines(lines)
        case .pick(.first), .inTree(.first), .inSampling(.first): .top
        case .pick(.last), .inTree(.last), .inSampling(.last): .bottom
        default: nil
        }
    }
}

extension ListPanel {
    fileprivate func detailPage(_ state: AppState, width: Int) -> PanelContent {
        PanelContent(
            title: selectedEntry?.title ?? source.title, rows: PanelRows(detailLines(state, width: width)),
            shape: source.shape,
            footer: .keys([.goesBack] + (selectedEntry == nil ? [] : [KeyHint(.enter, source.verb), "↑↓ others"])))
    }

    private func detailLines(_ state: AppState, width: Int) -> [StyledLine] {
        guard let entry = selectedEntry else { return [StyledLine("nothing is selected", .muted)] }
        // Help lists rows of the key map, of which several can do the same.
        guard source.kind == .help, case .key = entry.choice else {
            return preview(state, Size(width: width, height: .max))
        }
        var page = PreviewPage(width: width)
        page.title(entry.title)
        page.text(entry.details.joined(separator: " · "))
        page.blank()
        page.row("where", entry.kind)
        return page.lines
    }
}

extension SamplingPanel {
    /// What stands beside and below the settings where there is room, and why a value was refused.
    fileprivate func detailPage(_ state: AppState, width: Int) -> PanelContent {
        var page = PreviewPage(width: width)
        if let complaint {
            page.text("! \(complaint)", .warning)
            page.blank()
        }
        let lines =
            page.lines + state.settingPreview(row.command, width: width) + [StyledLine()]
            + DistributionPane(panel: self, state: state).lines(width: width)
        // The value stays in sight while the next token is looked at.
        let value = entry.map { "\($0)▏" } ?? row.text(in: state.session.record.settings)
        return PanelContent(
            title: "\(value) · \(row.command)", rows: PanelRows(lines),
            footer: entry == nil ? .keys([.goesBack, "←→ change", "↑↓ others"]) : footer(isWhole: true))
    }
}
