import ArgumentParser
import Chat
import Foundation
import Providers
import Sessions

/// A set of values that the shell can complete, taken from the program's own data.
enum CompletionSource: Equatable, Sendable {
    case models, sessions, deletedSessions, presets, themes
    /// Models, and files of chat templates.
    case templates
    /// NAME=VALUE for any setting.
    case assignments
    /// The values of one setting.
    case setting(String)

    /// The values that fit what was typed so far.
    func candidates(for typed: String) -> [CompletionCandidate] {
        switch self {
        case .models, .templates: Self.models()
        case .sessions: Self.sessions(Catalogue.current.sessions.list())
        case .deletedSessions: Self.sessions(Catalogue.current.sessions.deletedSessions())
        case .presets: Catalogue.current.presets.list().presets.map { .init($0.name, $0.summary) }
        case .themes: Catalogue.current.themes().map { .init($0.name) }
        case .assignments: Self.assignments(typed)
        case .setting(let name): (try? SettingTable.row(named: name)).map(Self.values) ?? []
        }
    }

    /// The extensions of files that are valid too; nil if the value is not a file.
    var fileExtensions: [String]? {
        switch self {
        case .models: ["gguf"]
        case .templates: ["gguf", "jinja"]
        default: nil
        }
    }

    private static func models() -> [CompletionCandidate] {
        Catalogue.current.models.models().filter { $0.problem == nil }.map { model in
            let facts = [model.format, model.fileBytes.map(ByteText.size)].compactMap(\.self)
            return CompletionCandidate(model.reference.name, facts.joined(separator: ", "))
        }
    }

    /// Titles, and ids of sessions whose title would not identify them.
    private static func sessions(_ sessions: [SessionSummary]) -> [CompletionCandidate] {
        let counts = Dictionary(sessions.map { ($0.title.lowercased(), 1) }, uniquingKeysWith: +)
        return sessions.map { session in
            let title = session.title
            let isClear = counts[title.lowercased()] == 1 && CompletionCandidate.isCompletable(title)
            return isClear
                ? CompletionCandidate(title, "messages: \(session.messageCount)")
                : CompletionCandidate(session.id.text, title.isEmpty ? session.preview : title)
        }
    }

    private static func assignments(_ typed: String) -> [CompletionCandidate] {
        guard let sign = typed.firstIndex(of: "="), let row = try? SettingTable.row(named: String(typed[..<sign]))
        else {
            return SettingTable.rows.map { CompletionCandidate("\($0.command)=", $0.summary) }
        }
        return values(of: row).map { CompletionCandidate("\(typed[...sign])\($0.value)", $0.description) }
    }

    /// The values of a setting that have a name, and its default.
    private static func values(of row: SettingRow) -> [CompletionCandidate] {
        let named: [String] =
            switch row.kind {
            case .toggle: ["on", "off"]
            case .choice(_, let words): words
            case .seed: ["random"]
            case .number, .integer, .strings, .biases: row.words.map(\.text)
            }
        let standard = row.text(in: GenerationSettings())
        let candidates = named.map { CompletionCandidate($0, $0 == standard ? "default" : "") }
        return named.contains(standard) || !CompletionCandidate.isCompletable(standard)
            ? candidates : [CompletionCandidate(standard, "default")] + candidates
    }
}

extension CompletionSource: ExpressibleByArgument {
    init?(argument: String) {
        let all: [CompletionSource] = [
            .models, .templates, .sessions, .deletedSessions, .presets, .themes, .assignments,
        ]
        if let source = all.first(where: { $0.name == argument }) {
            self = source
        } else if argument.hasPrefix(Self.settingPrefix) {
            self = .setting(String(argument.dropFirst(Self.settingPrefix.count)))
        } else {
            return nil
        }
    }

    var name: String {
        switch self {
        case .models: "models"
        case .templates: "templates"
        case .sessions: "sessions"
        case .deletedSessions: "deleted-sessions"
        case .presets: "presets"
        case .themes: "themes"
        case .assignments: "assignments"
        case .setting(let name): Self.settingPrefix + name
        }
    }

    private static let settingPrefix = "setting:"
}

extension CompletionKind {
    /// Values from the program's own data, as a shell command that prints them.
    static func values(_ source: CompletionSource) -> CompletionKind {
        .shellCommand(CompletionSource.commandPrefix + source.name)
    }
}

extension CompletionSource {
    fileprivate static let commandPrefix = "sotto complete --values "

    /// The source of a shell command that `CompletionKind.values` made.
    init?(command: String) {
        guard command.hasPrefix(Self.commandPrefix) else { return nil }
        self.init(argument: String(command.dropFirst(Self.commandPrefix.count)))
    }
}
