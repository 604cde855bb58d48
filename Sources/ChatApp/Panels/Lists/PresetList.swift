import Chat
import TUI

extension PanelKind {
    static let presets: PanelKind = .init(
        name: "presets", key: .function(5), summary: "presets", context: .presetList,
        keys: [
            KeyRow(.preset, [.control("s")], .own(ListPanel.Action.save), "save the current settings", label: "save"),
            KeyRow(.preset, [.delete], .own(ListPanel.Action.delete), "delete one of your presets", label: "delete"),
            KeyRow(.preset, [.control("_")], .own(ListPanel.Action.undoDelete), "undo the last deletion"),
        ]
    ) { state in
        state.openList(.presets)
        return []
    }
}

extension KeyContext {
    fileprivate static let presetList = KeyContext(name: "presets", isPanel: true, hasLine: true)
}

extension KeyRow.Group {
    fileprivate static let preset = KeyRow.Group("Selected preset", in: .presetList)
}

extension ListSource {
    fileprivate static let presets: ListSource = .init(
        kind: .presets, title: "Presets", empty: "No presets found", verb: "apply", entries: { $0.presetEntries })
}

extension AppState {
    var presetEntries: [ListEntry] {
        library.presets.map { preset in
            ListEntry(
                title: preset.name, details: [preset.summary], isCurrent: preset.name == session.record.preset,
                choice: .preset(preset.name))
        }
    }

    /// The settings of the session's preset; the defaults if it has none.
    var presetSettings: GenerationSettings {
        library.presets.first { $0.name == session.record.preset }?.settings ?? GenerationSettings()
    }

    /// The settings that the preset changes from their defaults, and its system prompt.
    func presetPreview(_ name: String, width: Int) -> [StyledLine] {
        guard let preset = library.presets.first(where: { $0.name == name }) else { return [] }
        var page = PreviewPage(width: width)
        page.title(preset.name)
        page.text(preset.summary, .muted)
        page.blank()
        let defaults = GenerationSettings()
        let rows = SettingTable.rows.filter { $0.value(in: preset.settings) != $0.value(in: defaults) }
        if rows.isEmpty { page.text("all settings at their defaults", .muted) }
        for row in rows { page.row(row.command, row.text(in: preset.settings)) }
        page.blank()
        if let system = preset.system {
            page.text("system prompt", .muted)
            page.text(system)
        } else {
            page.text(promptChange(by: preset) ?? "keeps the current system prompt", .muted)
        }
        return page.lines
    }

    /// Saves the session's settings and system prompt as a preset.
    mutating func savePreset(named name: String) throws(CommandError) -> [Effect] {
        guard Preset.isValidName(name) else { throw CommandError(Preset.nameRule) }
        session.record.preset = name
        notify(.info, "Saved as preset \(name)")
        let preset = Preset(
            name: name, summary: "saved from \(session.record.title.isEmpty ? "a session" : session.record.title)",
            system: session.record.system, settings: session.record.settings)
        library.presets = library.presets.filter { $0.name != name } + [preset]
        return [.savePreset(preset)] + saveSession()
    }

    mutating func deletePreset(_ name: String) -> [Effect] {
        guard let preset = library.presets.first(where: { $0.name == name }) else { return [] }
        library.listDeletions.append(.preset(preset))
        return [.deletePreset(name)]
    }
}
