import Chat

/// What `/show` can show.
enum ShowTopic: String, CaseIterable {
    case info, settings, system, template, prompt, license, notices

    static var list: String { allCases.map(\.rawValue).joined(separator: "|") }
}

extension AppState {
    /// `/show [TOPIC]`
    mutating func runShowCommand(_ name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return showDocument("Session", sessionInfo) }
        guard let topic = ShowTopic(rawValue: name.lowercased()) else {
            let topics = ShowTopic.allCases.map(\.rawValue)
            let nearest = Spelling.nearest(to: name, among: topics).map { ". Did you mean \($0)?" } ?? ""
            throw CommandError("/show can show \(topics.joined(separator: ", "))\(nearest)")
        }
        switch topic {
        case .info: return showDocument("Session", sessionInfo)
        case .settings: return showDocument("Settings", settingsText, column: Self.settingsColumn)
        case .system: return runSystemCommand("")
        case .notices:
            let log = screen.notices.log.map(\.text).joined(separator: "\n")
            return showDocument("Notices", log.isEmpty ? "(none)" : log)
        case .template: return [.describe(.template(try chosenModel))]
        case .prompt:
            return [
                .describe(
                    .prompt(try chosenModel, system: session.record.system, messages: session.record.conversation.path))
            ]
        case .license: return [.describe(.license(try chosenModel))]
        }
    }

    /// - Parameter column: where the last column of the text's rows begins.
    mutating func showDocument(_ title: String, _ text: String, column: Int = ReportRows.column) -> [Effect] {
        screen.panels.push(TextPanel(title: title, text: text, column: column))
        return []
    }

    /// `/context`
    func describeContext() throws(CommandError) -> [Effect] {
        let messages = session.record.conversation.path
        guard !messages.isEmpty else { throw CommandError("The conversation is empty") }
        return [.describe(.context(try chosenModel, system: session.record.system, messages: messages))]
    }

    private var chosenModel: ModelReference {
        get throws(CommandError) { try model(named: "") }
    }

    private var sessionInfo: String {
        let model = modelInfo
        let context = session.context.map {
            "\(Format.grouped($0.used)) of \(Format.count($0.limit, "token"))"
        }
        return ReportRows.text([
            ("title", session.record.title.isEmpty ? "(untitled)" : session.record.title), ("id", session.record.id),
            ("messages", Format.grouped(session.record.conversation.messages.count)),
            ("preset", session.record.preset), ("model", session.record.model?.text), ("file", model?.path),
            ("architecture", model?.architecture), ("format", model?.format),
            ("parameters", model?.parameters.map { ModelText.parameters($0, active: model?.activeParameters) }),
            ("size", model?.fileBytes.map(ByteText.size)),
            ("trained context", model?.contextLength.map { Format.count($0, "token") }), ("context in use", context),
            ("sent to", profile?.remoteHost), ("cost", session.record.cost.map(CostText.dollars)),
        ])
    }

    /// Where the summaries of settings begin.
    private static let settingsColumn = 38

    private var settingsText: String {
        let lines = SettingTable.rows.map { row in
            let value = row.text(in: session.record.settings)
            let names = row.command.padded(to: Self.settingsColumn - 15) + value.padded(to: 14)
            return "\(names) \(row.summary)\(missingRequirement(of: row))"
        }
        guard let stop = modelInfo?.defaults?.stop, !stop.isEmpty else { return lines.joined(separator: "\n") }
        let own = "The model also stops at \(SettingValue.strings(stop)), which come with it"
        return (lines + ["", own]).joined(separator: "\n")
    }
}
