import Chat
import TUI

extension AppState {
    var presetEntries: [ListEntry] {
        library.presets.map { preset in
            ListEntry(
                title: preset.name, details: [preset.summary], isCurrent: preset.name == session.record.preset,
                choice: .preset(preset.name))
        }
    }

    /// What the preset sets: only what differs from the program's own settings.
    func presetPreview(_ name: String, width: Int) -> [StyledLine] {
        guard let preset = library.presets.first(where: { $0.name == name }) else { return [] }
        var page = PreviewPage(width: width)
        page.title(preset.name)
        page.text(preset.summary, .muted)
        page.blank()
        let usual = GenerationSettings()
        let rows = SettingTable.rows.filter { $0.value(in: preset.settings) != $0.value(in: usual) }
        if rows.isEmpty { page.text("every setting as usual", .muted) }
        for row in rows { page.row(row.command, row.text(in: preset.settings)) }
        page.blank()
        if let system = preset.system {
            page.text("system prompt", .muted)
            page.text(system)
        } else {
            page.text("leaves the system prompt as it is", .muted)
        }
        return page.lines
    }

    mutating func savePreset(named name: String) throws(CommandError) -> [Effect] {
        let allowed =
            !name.isEmpty && name.count <= 40
            && name.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
        guard allowed else {
            throw CommandError("a preset's name has up to 40 letters, digits, - and _: /preset save NAME")
        }
        session.record.preset = name
        notify(.info, "these settings are now the preset \(name)")
        let preset = Preset(
            name: name, summary: "saved from \(session.record.title.isEmpty ? "a session" : session.record.title)",
            system: session.record.system, settings: session.record.settings)
        library.presets = library.presets.filter { $0.name != name } + [preset]
        return [.savePreset(preset)] + saveSession()
    }

    mutating func delete(preset name: String) -> [Effect] {
        guard let preset = library.presets.first(where: { $0.name == name }) else { return [] }
        library.listDeletions.append(.preset(preset))
        return [.deletePreset(name)]
    }
}
