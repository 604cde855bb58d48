import Chat
import Foundation

/// What `/show` can show.
enum ShowTopic: String, CaseIterable {
    case info, settings, system, template, prompt, license, notices

    static var list: String { allCases.map(\.rawValue).joined(separator: "|") }
}

extension AppState {
    mutating func show(_ name: String) throws(CommandError) -> [Effect] {
        if name.isEmpty { return showDocument("Session", information) }
        guard let topic = ShowTopic(rawValue: name.lowercased()) else {
            throw CommandError("/show shows \(ShowTopic.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        switch topic {
        case .info: return showDocument("Session", information)
        case .settings: return showDocument("Settings", settingsText)
        case .system: return setSystem("")
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

    mutating func showDocument(_ title: String, _ text: String) -> [Effect] {
        screen.panels.push(TextPanel(title: title, text: text))
        return []
    }

    func describeContext() throws(CommandError) -> [Effect] {
        let messages = session.record.conversation.path
        guard !messages.isEmpty else { throw CommandError("nothing has been said yet") }
        return [.describe(.context(try chosenModel, system: session.record.system, messages: messages))]
    }

    private var chosenModel: ModelReference {
        get throws(CommandError) { try model(named: "") }
    }

    private var information: String {
        let model = modelInfo
        var rows: [(String, String?)] = [
            ("title", session.record.title.isEmpty ? "(untitled)" : session.record.title), ("id", session.record.id),
            ("messages", "\(session.record.conversation.messages.count)"), ("preset", session.record.preset),
            ("model", session.record.model?.name), ("file", model?.path), ("architecture", model?.architecture),
            ("format", model?.format), ("parameters", model?.parameters.map(Format.parameters)),
            ("size", model?.fileBytes.map(Format.bytes)),
            ("trained context", model?.contextLength.map { "\($0) tokens" }),
        ]
        if let context = session.context {
            rows.append(("context in use", "\(context.used) of \(context.limit) tokens"))
        }
        return rows.compactMap { name, value in value.map { name.padded(to: 17) + $0 } }.joined(separator: "\n")
    }

    private var settingsText: String {
        SettingTable.rows.map { row in
            let value = row.text(in: session.record.settings)
            return "\(row.command.padded(to: 23))\(value.padded(to: 14)) \(row.summary)\(idleness(of: row))"
        }.joined(separator: "\n")
    }

    /// What a setting waits for that has a value and does nothing with it.
    func idleness(of row: SettingRow) -> String {
        guard row.value(in: session.record.settings) != row.off, !row.isActive(in: session.record.settings),
            let needs = row.needs
        else { return "" }
        return " (only with \(needs))"
    }
}

extension String {
    /// With blanks at the end up to a number of characters.
    func padded(to count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }
}
