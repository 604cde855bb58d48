extension AppState {
    /// `/theme [NAME | reload]`
    mutating func runThemeCommand(_ name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return openPanel(.themes) }
        if name.lowercased() == "reload" { return [.loadThemes(isAsked: true)] }
        let theme = try NameLookup.find(name, in: library.themes, kind: "theme") { [$0.name] }
        return choose(.theme(theme.name))
    }
}
