import Chat

/// `/set` and `/system`.
enum SettingCommands {
    /// The names; once one stands there, the values that people take most: the one in effect, the default, and those that
    /// have a name.
    static func completions(_ typed: String, _ settings: GenerationSettings) -> [String] {
        guard let row = row(of: typed) else { return (SettingTable.rows.map(\.command) + ["system"]).map { "\($0) " } }
        let name = typed.prefix { $0 != " " }
        let values =
            [row.text(in: settings), row.text(in: GenerationSettings())] + row.words.map(\.text)
            + [row.off.map(row.text)].compactMap(\.self)
        return values.uniqued().map { "\(name) \($0)" }
    }

    /// Whether the value of a setting is being typed, not its name.
    static func isValue(_ typed: String) -> Bool { row(of: typed) != nil }

    private static func row(of typed: String) -> SettingRow? {
        typed.contains(" ") ? try? SettingTable.row(named: String(typed.prefix { $0 != " " })) : nil
    }
}

extension AppState {
    /// `NAME VALUE`, also `parameter NAME VALUE` and `system TEXT` as other programs have it. A name alone tells its value.
    mutating func set(_ words: String) throws(CommandError) -> [Effect] {
        if words.isEmpty { return openPanel(.sampling) }
        let (name, value) = CommandLine.split(words)
        if name.lowercased() == "parameter" { return try set(value) }
        if name.lowercased() == "system" { return setSystem(value) }
        do throws(SettingError) {
            let row = try SettingTable.row(named: name)
            guard !value.isEmpty else {
                notify(
                    .info, "\(row.command) is \(row.text(in: session.record.settings)); it may be \(row.expectation)")
                return []
            }
            var settings = session.record.settings
            try row.set(try row.parse(value), in: &settings)
            notify(.info, "\(row.command) is now \(row.text(in: settings))")
            return changeSettings(settings)
        } catch {
            throw CommandError(error.description)
        }
    }

    mutating func setSystem(_ text: String) -> [Effect] {
        if text.isEmpty {
            return showDocument("System prompt", session.record.system ?? "(none; the model's template decides)")
        }
        session.record.system = text.lowercased() == "none" ? nil : text
        notify(
            .info,
            session.record.system == nil ? "no system prompt" : "the system prompt is set, from the next message on")
        return saveSession()
    }
}
