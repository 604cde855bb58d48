import TUI

extension AppState {
    var themeEntries: [ListEntry] {
        themes.map { theme in
            ListEntry(title: theme.name, isCurrent: theme.name == themeName, choice: .theme(theme.name))
        }
    }

    /// Wears the theme that is looked at in a list, else the one that was chosen.
    mutating func showTheme() {
        var name = themeName
        if case .list(let list) = panel, case .theme(let looked)? = list.selectedEntry?.choice { name = looked }
        theme = (themes.first { $0.name == name } ?? themes[0]).adapted(to: colorDepth)
    }
}
