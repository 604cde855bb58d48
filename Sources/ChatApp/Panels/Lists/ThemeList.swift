import TUI

extension PanelKind {
    static let themes: PanelKind = .init(name: "themes", summary: "themes", context: .list) { state in
        state.openList(.themes)
        return [.loadThemes(isAsked: false)]
    }
}

extension ListSource {
    /// Narrow and at the side, so that the screen behind it shows what a theme looks like.
    fileprivate static let themes: ListSource = .init(
        kind: .themes, title: "Themes", empty: "No themes found", verb: "use", shape: .side, hasPreview: false,
        entries: { $0.themeEntries })
}

extension AppState {
    var themeEntries: [ListEntry] {
        library.themes.map { theme in
            ListEntry(
                title: theme.name, remarks: theme.problems, isCurrent: theme.name == screen.themeName,
                choice: .theme(theme.name))
        }
    }

    /// Shows the theme that is selected in a list, else the chosen one.
    mutating func updateTheme() {
        let name = screen.panels.top?.previewedTheme ?? screen.themeName
        screen.theme = theme(named: name).adapted(to: screen.colorDepth)
    }

    /// Shows the mistakes in the chosen theme as notices, the first one on top.
    mutating func reportThemeProblems() {
        screen.notices.withdraw(.theme)
        for problem in theme(named: screen.themeName).problems.prefix(Self.reportedProblems).reversed() {
            notify(.warning, problem, about: .theme)
        }
    }

    private static let reportedProblems = 20

    private func theme(named name: String) -> Theme { library.themes.first { $0.name == name } ?? library.themes[0] }
}
