import TUI

/// What a list panel lists.
struct ListSource: Sendable {
    let kind: PanelKind
    let title: String
    /// What is said where the list is empty.
    let empty: String
    /// What Enter does.
    let verb: String
    /// Which keys apply.
    var context = KeyContext.list
    var shape = PanelLayout.Shape.middle
    /// Whether what is selected is shown beside the list where there is room.
    var hasPreview = true
    /// Whether titles and details stand in columns, rather than at the two edges.
    var isTable = false
    let entries: @Sendable (AppState) -> [ListEntry]

    static let models = ListSource(
        kind: .models, title: "Models", empty: "no model was found", verb: "switches", entries: { $0.modelEntries })
    static let sessions = ListSource(
        kind: .sessions, title: "Sessions", empty: "no session has been saved yet", verb: "opens",
        context: .sessionList, entries: { $0.sessionEntries })
    static let presets = ListSource(
        kind: .presets, title: "Presets", empty: "no preset was found", verb: "applies", context: .presetList,
        entries: { $0.presetEntries })
    /// Narrow and at the side, so that the screen behind it shows what a theme looks like.
    static let themes = ListSource(
        kind: .themes, title: "Themes", empty: "no theme was found", verb: "uses", shape: .side, hasPreview: false,
        entries: { $0.themeEntries })
    static let commands = ListSource(
        kind: .commands, title: "Everything", empty: "no command", verb: "does it", isTable: true,
        entries: { $0.paletteEntries })
    static func help(in context: KeyContext, isReplying: Bool) -> ListSource {
        ListSource(
            kind: .help, title: "Help", empty: "no key", verb: "does it", hasPreview: false, isTable: true,
            entries: { $0.helpEntries(context, isReplying: isReplying) })
    }
}
