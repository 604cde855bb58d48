import TUI

/// Which panel a key opens.
enum PanelKind: Sendable, Equatable {
    case help, models, sessions, sampling, presets, commands, themes, branches
}

/// The open panel and where the person is in it.
enum Panel: Sendable {
    case list(ListPanel)
    case sampling(SamplingPanel)
    case text(TextPanel)
    case tree(TreePanel)
    case compare(ComparePanel)

    init(_ kind: PanelKind) {
        switch kind {
        case .help: self = .text(TextPanel(title: "Help", content: .help))
        case .models: self = .list(ListPanel(source: .models))
        case .sessions: self = .list(ListPanel(source: .sessions))
        case .presets: self = .list(ListPanel(source: .presets))
        case .commands: self = .list(ListPanel(source: .commands))
        case .themes: self = .list(ListPanel(source: .themes))
        case .sampling: self = .sampling(SamplingPanel())
        case .branches: self = .tree(TreePanel())
        }
    }

    var kind: PanelKind? {
        switch self {
        case .list(let list): list.source.kind
        case .sampling: .sampling
        case .tree: .branches
        case .compare: nil
        case .text(let text): text.content == .help ? .help : nil
        }
    }
}

extension AppState {
    /// Opens a panel, or closes it where it is open already.
    mutating func toggle(_ kind: PanelKind) -> [Effect] {
        if panel?.kind == kind {
            panel = nil
            return []
        }
        return open(kind)
    }

    mutating func open(_ kind: PanelKind) -> [Effect] {
        panel = Panel(kind)
        switch kind {
        case .models: return [.listModels]
        case .sessions: return [.listSessions]
        case .branches:
            openTree()
            return []
        case .help, .sampling, .presets, .commands, .themes: return []
        }
    }

    mutating func pressInPanel(_ key: Key) -> [Effect] {
        if key == .escape || key == .control("c") {
            panel = nil
            return []
        }
        switch panel {
        case .list(let list): return press(key, in: list)
        case .sampling(let sampling): return press(key, in: sampling)
        case .text(var text):
            text.press(key, height: PanelLayout(size).rows.height, count: text.lines(self).count)
            panel = .text(text)
            return []
        case .tree, .compare, nil: return []
        }
    }
}
