import Chat

/// `/set` and `/system`.
enum SettingCommands {
    /// Names that begin as typed; nothing once a name stands there.
    static func completions(_ typed: String) -> [String] {
        typed.contains(" ") ? [] : SettingTable.rows.map(\.command) + ["system"]
    }
}

extension AppState {
    /// `NAME VALUE`, also `parameter NAME VALUE` and `system TEXT` as other programs have it.
    mutating func set(_ words: String) throws(CommandError) -> [Effect] {
        let (name, value) = CommandLine.split(words)
        if name.lowercased() == "parameter", !value.isEmpty { return try set(value) }
        if name.lowercased() == "system" { return setSystem(value) }
        do throws(SettingError) {
            let row = try SettingTable.row(named: name)
            guard !value.isEmpty else {
                throw .invalid(setting: row.command, expected: row.expectation, given: "")
            }
            var settings = session.settings
            try row.set(try row.parse(value), in: &settings)
            notify(.info, "\(row.command) is now \(row.text(in: settings))")
            return change(settings)
        } catch {
            throw CommandError(error.description)
        }
    }

    mutating func setSystem(_ text: String) -> [Effect] {
        if text.isEmpty {
            return showDocument("System prompt", session.system ?? "(none; the model's template decides)")
        }
        session.system = text.lowercased() == "none" ? nil : text
        notify(.info, session.system == nil ? "no system prompt" : "the system prompt is set, from the next message on")
        return save()
    }
}
