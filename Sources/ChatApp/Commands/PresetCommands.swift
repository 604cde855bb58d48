import Chat

/// A word after `/preset` that is not a name.
enum PresetVerb: String, CaseIterable {
    case save, export, `import`
}

extension AppState {
    /// `/preset [NAME | save NAME | export NAME [FILE] | import FILE]`
    mutating func runPresetCommand(_ words: String) throws(CommandError) -> [Effect] {
        if words.isEmpty { return openPanel(.presets) }
        let (word, rest) = SlashCommandLine.split(words)
        switch PresetVerb(rawValue: word.lowercased()) {
        case .save: return try savePreset(named: rest)
        case .export: return try exportPreset(rest)
        case .import:
            if rest.isEmpty { throw CommandError("No file given. Usage: /preset import FILE") }
            return [.importPreset(rest)]
        case nil: return choose(.preset(try preset(named: words).name))
        }
    }

    /// `NAME [FILE]`. Names may contain blanks: the longest known name counts.
    private func exportPreset(_ words: String) throws(CommandError) -> [Effect] {
        let known = library.presets.map(\.name).sorted { $0.count > $1.count }.first { name in
            words.lowercased() == name.lowercased() || words.lowercased().hasPrefix(name.lowercased() + " ")
        }
        let name = words.prefix(known?.count ?? SlashCommandLine.split(words).name.count)
        if name.isEmpty { throw CommandError("No preset given. Usage: /preset export NAME [FILE]") }
        let preset = try preset(named: String(name))
        let file = words.dropFirst(name.count).trimmed
        return [.exportPreset(preset.name, file: file.isEmpty ? "\(preset.name).preset.json" : file)]
    }

    private func preset(named name: String) throws(CommandError) -> Preset {
        try NameLookup.find(name, in: library.presets, kind: "preset") { [$0.name] }
    }

    func completePreset(_ typed: String) -> [String] {
        let names = library.presets.map(\.name)
        let verbs = PresetVerb.allCases.map { "\($0.rawValue) " }
        return names + verbs
            + [PresetVerb.save, .export].flatMap { verb in names.map { "\(verb.rawValue) \($0)" } }
            .filter { typed.contains(" ") && $0.hasPrefix(typed.lowercased()) }
    }
}
