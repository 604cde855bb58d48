import Chat

/// `/set` and `/system`.
enum SettingCommands {
    /// The names of settings; after a name, its current value, its default, and the values that have names.
    static func completions(_ typed: String, _ settings: GenerationSettings) -> [String] {
        guard let row = row(of: typed) else { return (SettingTable.rows.map(\.command) + ["system"]).map { "\($0) " } }
        let name = typed.prefix { $0 != " " }
        let values =
            [row.text(in: settings), row.text(in: GenerationSettings())] + row.words.map(\.text)
            + [row.off.map(row.text)].compactMap(\.self)
        return values.uniqued().map { "\(name) \($0)" }
    }

    /// Whether a setting's value is being typed rather than its name.
    static func isValue(_ typed: String) -> Bool { row(of: typed) != nil }

    private static func row(of typed: String) -> SettingRow? {
        typed.contains(" ") ? try? SettingTable.row(named: String(typed.prefix { $0 != " " })) : nil
    }
}

extension AppState {
    /// `/set NAME VALUE`; also `parameter NAME VALUE` and `system TEXT`, as in other programs. A name alone shows the
    /// setting's value.
    mutating func runSetCommand(_ words: String) throws(CommandError) -> [Effect] {
        if words.isEmpty { return openPanel(.sampling) }
        let (name, value) = SlashCommandLine.split(words)
        if name.lowercased() == "parameter" { return try runSetCommand(value) }
        if name.lowercased() == "system" { return runSystemCommand(value) }
        let known: SettingRow
        do throws(SettingError) { known = try SettingTable.row(named: name) } catch {
            throw CommandError(error.description)
        }
        let (row, problem) = availability(of: known)
        if let problem { throw CommandError("\(row.command) is \(problem)") }
        if let problem = contextProblem(known, value) { throw CommandError(problem) }
        do throws(SettingError) {
            guard !value.isEmpty else {
                notify(
                    .info, "\(row.command) is \(row.text(in: session.record.settings)) (allowed: \(row.expectation))")
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

    /// Why the size of the context cannot be this, although it is a valid size; nil if it can.
    private func contextProblem(_ row: SettingRow, _ value: String) -> String? {
        guard row.command == SettingTable.contextLength.command, let model = session.record.model,
            let limit = contextLimit(of: model), case .integer(let wanted)? = try? row.parse(value), wanted > limit
        else { return nil }
        return "\(displayName(of: model)) reads at most \(Format.count(limit, "token")). "
            + "Use /set num_ctx \(limit), or auto for as much as memory allows"
    }

    /// `/system [TEXT]`
    mutating func runSystemCommand(_ text: String) -> [Effect] {
        if text.isEmpty {
            return showDocument("System prompt", systemPromptText)
        }
        session.record.system = text.lowercased() == "none" ? nil : text
        let change = session.record.system == nil ? "System prompt removed" : "System prompt set"
        notify(.info, "\(change); applies from your next message")
        return saveSession()
    }

    /// What a setting needs that has a value but no effect; empty if it has an effect.
    func missingRequirement(of row: SettingRow) -> String {
        if let problem = availability(of: row).problem { return " (\(problem))" }
        guard row.value(in: session.record.settings) != row.off, !row.isActive(in: session.record.settings),
            let needs = row.needs
        else { return "" }
        return " (needs \(needs))"
    }
}
