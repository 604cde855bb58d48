import TUI

extension AppState {
    var themeEntries: [ListEntry] {
        library.themes.map { theme in
            ListEntry(
                title: theme.name, remarks: theme.problems, isCurrent: theme.name == screen.themeName,
                choice: .theme(theme.name))
        }
    }

    /// Wears the theme that is looked at in a list, else the one that was chosen.
    mutating func showTheme() {
        var name = screen.themeName
        if case .list(let list) = screen.panel, case .theme(let looked)? = list.selectedEntry?.choice { name = looked }
        screen.theme = theme(named: name).adapted(to: screen.colorDepth)
    }

    /// What is wrong with the chosen one, the first mistake on top.
    mutating func tellThemeProblems() {
        for problem in theme(named: screen.themeName).problems.prefix(Self.toldProblems).reversed() {
            notify(.warning, problem)
        }
    }

    private static let toldProblems = 20

    private func theme(named name: String) -> Theme { library.themes.first { $0.name == name } ?? library.themes[0] }
}
