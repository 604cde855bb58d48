import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// Scenes with something to list, for the tests of list panels.
extension Scene {
    private static let hour = 3600.0

    static func sessions(_ now: Date) -> [SessionSummary] {
        [
            SessionSummary(
                id: "s1", title: "What is a good first day in Kyoto?", updated: now, model: "SmolLM2", messageCount: 4,
                fileBytes: 4100),
            SessionSummary(
                id: "s2", title: "Sorting in Swift", updated: now - 5 * hour, model: "SmolLM2", messageCount: 12,
                fileBytes: 21_000),
            SessionSummary(
                id: "s3", title: "料理 and \u{1B}[31mescapes", updated: now - 75 * hour, model: nil, messageCount: 2,
                fileBytes: 900),
            SessionSummary(
                id: "s4", title: "broken", updated: now - 99 * hour, model: nil, messageCount: 0,
                problem: "broken.json is damaged and nothing in it can be read"),
        ]
    }

    static let themes: [Theme] = ThemeLibrary([
        .init(label: "dark", name: "dark", text: ##"{ "styles": { "text": { "fg": "#cccccc", "bg": "#101010" } } }"##),
        .init(
            label: "paper", name: "paper", text: ##"{ "styles": { "text": { "fg": "#222222", "bg": "#f8f8f8" } } }"##),
        .init(label: "sea", name: "sea", text: ##"{ "styles": { "text": { "fg": "#ccddee", "bg": "#002233" } } }"##),
    ]).themes

    static let preview = SessionPreview(
        session: "s2",
        messages: [
            .init(role: .user, model: nil, text: "How do I sort by two keys?"),
            .init(
                role: .assistant, model: "SmolLM2",
                text: "Compare tuples:\n\nitems.sort { ($0.a, $0.b) < ($1.a, $1.b) }"),
        ])

    /// A chat with models, sessions, presets, themes and a message.
    static func withLists(_ width: Int = 100, _ height: Int = 30) -> Scene {
        var scene = Scene(width, height)
        var models = Scene.models
        models[0].memory = .init(byteCount: 310_000_000, contextLength: 8192, available: 16_000_000_000)
        models[1].memory = .init(byteCount: 21_000_000_000, contextLength: 32_768, available: 16_000_000_000)
        scene.send(.modelsLoaded(models))
        scene.send(.speedsLoaded(ModelSpeeds(byKey: ["local/SmolLM2-135M-Instruct.Q4_1": 213.6])))
        scene.send(.sessionsListed(Self.sessions(scene.now)))
        scene.send(.themesLoaded(Self.themes))
        scene.talk("What is a good first day in Kyoto?", "Start early at **Fushimi Inari**.")
        return scene
    }

    /// The open list; nil if another panel is open, or none.
    var list: ListPanel? { state.screen.panels.top as? ListPanel }

    /// The title of the selected entry.
    var selectedTitle: String? { list?.selectedEntry?.title }
}
