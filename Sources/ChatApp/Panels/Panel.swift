import TUI

/// Which panel a key opens.
enum PanelKind: Sendable, CaseIterable {
    case help, models, sessions, sampling, presets, commands, themes, branches
}

/// The open panel and where the person is in it.
enum Panel: Sendable {
    case list(ListPanel)
    case sampling(SamplingPanel)
    case tokens(TokenPanel)
    case text(TextPanel)
    case tree(TreePanel)
    case compare(ComparePanel)

    var kind: PanelKind? {
        switch self {
        case .list(let list): list.source.kind
        case .sampling: .sampling
        case .tree: .branches
        case .text, .compare, .tokens: nil
        }
    }

    /// Which keys apply.
    var context: KeyContext {
        switch self {
        case .list(let list): list.prompt == nil ? list.source.context : .prompt
        case .tree: .tree
        case .compare: .compare
        case .text: .text
        case .sampling: .sampling
        case .tokens: .tokens
        }
    }
}

extension Panel {
    /// Where it stands; nil for one that takes the whole screen.
    func layout(_ size: Size) -> PanelLayout? {
        switch self {
        case .list(let list): PanelLayout(size, list.source.shape)
        case .compare: nil
        case .sampling, .tokens, .text, .tree: PanelLayout(size)
        }
    }
}

extension AppState {
    /// Opens a panel, or closes it where it is open already.
    mutating func toggle(_ kind: PanelKind) -> [Effect] {
        if screen.panel?.kind == kind {
            closePanel()
            return []
        }
        return open(kind)
    }

    mutating func open(_ kind: PanelKind) -> [Effect] {
        // Help tells about what it was opened over, and goes back to it.
        if kind != .help { composer.completion = nil }
        let behind = kind == .help ? screen.panel : nil
        switch kind {
        case .help: openList(.help(in: keyContext, isReplying: session.reply != nil))
        case .models: openList(.models)
        case .sessions: openList(.sessions)
        case .presets: openList(.presets)
        case .commands: openList(.commands)
        case .themes: openList(.themes)
        case .sampling: screen.panel = .sampling(SamplingPanel())
        case .branches: screen.panel = .tree(TreePanel(self))
        }
        screen.panelBehind = behind
        switch kind {
        case .models: return [.listModels]
        case .sessions: return [.listSessions]
        case .themes: return [.loadThemes(isAsked: false)]
        case .commands: return [.listSessions, .listModels]
        case .help, .sampling, .presets, .branches: return []
        }
    }

    mutating func openList(_ source: ListSource, filter: String = "") {
        var list = ListPanel(source, filter: filter)
        list.refresh(self)
        // One begins at what is in use, where the list is one to choose such a thing from.
        if filter.isEmpty, let current = list.entries.firstIndex(where: \.isCurrent), !source.isTable {
            list.select(current, height: areas(of: list).rows.height)
        }
        screen.panel = .list(list)
    }

    mutating func closePanel() {
        screen.panel = screen.panelBehind
        screen.panelBehind = nil
    }

    /// A click while a panel is open: beside it, it closes it.
    mutating func clickInPanel(_ point: Point) -> [Effect] {
        guard let panel = screen.panel else { return [] }
        if let frame = panel.layout(screen.size)?.frame, !frame.contains(point) {
            if keyContext != .prompt { closePanel() }
            return []
        }
        if let frame = panel.layout(screen.size)?.frame, point.y == frame.maxY - 1, let content = panel.content(self) {
            let key = content.footer.orNotice(self).key(at: point.x - frame.x - 3, width: frame.width - 6)
            return key.map { performKey($0) } ?? []
        }
        if panel.details != nil { return [] }
        switch panel {
        case .list(let list): return click(point, in: list)
        case .sampling(let sampling): return click(point, in: sampling)
        case .tokens(let tokens): click(point, in: tokens)
        case .tree(let tree): return click(point, in: tree)
        case .compare(let compare): click(point, in: compare)
        case .text: break
        }
        return []
    }

    /// After an event: a list shows what came, the theme that is looked at is worn, and the preview of a session is
    /// asked for.
    mutating func followPanel(_ event: AppEvent) -> [Effect] {
        switch event {
        case .reply, .tick: return []
        case .key, .resize: break
        default:
            if case .list(var list) = screen.panel {
                list.refresh(self)
                screen.panel = .list(list)
            }
        }
        showTheme()
        return loadPreview()
    }
}
