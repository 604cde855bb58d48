import Chat

/// What a model's store keeps for conversations with it takes effect, unless the user wants something else.
extension AppState {
    /// Gives the session the settings that come with its model, in place of those that came with the model before.
    /// Settings that the user has changed stay.
    ///
    /// - Parameter old: the session's model before; nil if it had none.
    /// - Returns: the settings that have changed, as "temperature 0.6".
    mutating func adoptModelSettings(after old: ModelReference?) -> [String] {
        let before = session.record.settings
        session.record.settings = settings(before, from: old, to: session.record.model)
        return SettingTable.rows.filter { $0.value(in: session.record.settings) != $0.value(in: before) }.map {
            "\($0.command) \($0.text(in: session.record.settings))"
        }
    }

    /// Settings for another model: with its own in place of those that came with the model before, and a context that
    /// is no larger than it reads.
    func settings(
        _ current: GenerationSettings, from old: ModelReference?, to new: ModelReference?
    ) -> GenerationSettings {
        let before = old.flatMap(library.info)?.defaults?.values ?? [:]
        let after = new.flatMap(library.info)?.defaults?.values ?? [:]
        let base = presetSettings
        var settings = current
        for row in SettingTable.rows {
            let value = row.value(in: settings)
            // Nobody has changed it since the preset or the model before set it.
            guard value == before[row.name] ?? row.value(in: base) else { continue }
            try? row.set(after[row.name] ?? row.value(in: base), in: &settings)
        }
        return fitted(settings, to: new)
    }

    /// The settings with a context that is no larger than the model reads.
    func fitted(_ settings: GenerationSettings, to model: ModelReference?) -> GenerationSettings {
        var settings = settings
        if let limit = model.flatMap(contextLimit) { settings.contextLength = min(settings.contextLength, limit) }
        return settings
    }

    /// The largest context of a model on this computer, in tokens; nil if it is not known.
    func contextLimit(of model: ModelReference) -> Int? {
        guard library.profile(of: model).map({ $0.place == .here }) ?? true else { return nil }
        return library.info(of: model)?.contextLength.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The system prompt that replies are generated with, and where it comes from if it is not the session's own.
    var systemPromptText: String {
        if let system = session.record.system { return system }
        guard let system = modelInfo?.defaults?.system else { return "(none; the model's default applies)" }
        return "(comes with the model in \(modelInfo?.store?.title ?? "its store"))\n\n\(system)"
    }
}

extension ModelDefaults {
    /// The settings with their rows, in the table's order. Names that the table does not know are left out.
    var rows: [(row: SettingRow, value: SettingValue)] {
        let known = values
        return SettingTable.rows.compactMap { row in known[row.name].map { (row, $0) } }
    }

    /// By `SettingRow.name`.
    fileprivate var values: [String: SettingValue] {
        settings.reduce(into: [:]) { values, setting in
            if let row = try? SettingTable.row(named: setting.key) { values[row.name] = setting.value }
        }
    }
}
