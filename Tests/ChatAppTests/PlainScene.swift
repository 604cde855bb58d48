import Chat
import Foundation
import Replies
import TUI

@testable import ChatApp

/// A chat in plain mode in a test: lines and events go in, text comes out, and the clock is set by hand.
struct PlainScene {
    var state: AppState
    var chat = PlainChat()
    var now = Date(timeIntervalSince1970: 1_795_356_120)
    var instant = ContinuousClock.now
    var effects: [Effect] = []

    init(withModel: Bool = true) {
        let session = SessionRecord(id: "s1", created: now, model: withModel ? Scene.smol : nil)
        state = AppState(
            session: session, size: Size(width: 80, height: 24), preferredModel: nil,
            defaultDownload: Scene.defaultDownload, modelsFolder: "/models", about: About(memory: 16_000_000_000),
            isPlain: true, now: now, instant: instant)
        _ = send(.presetsLoaded(Scene.presets))
        _ = send(.recommendationsLoaded(Scene.recommended, problems: []))
        if withModel { _ = send(.modelsLoaded(Scene.models)) }
        effects = []
    }

    mutating func wait(_ seconds: Double) {
        now += seconds
        instant += .seconds(seconds)
    }

    /// The text that is printed after an event.
    mutating func send(_ event: AppEvent) -> String {
        let before = state
        effects += update(&state, event, now: now, instant: instant)
        return chat.text(after: event, from: before, to: state)
    }

    mutating func enter(_ line: String) -> String {
        chat.events(for: line, in: state).reduce(into: "") { $0 += send($1) }
    }

    mutating func interrupt() -> String {
        chat.interruptEvents(in: state).reduce(into: "") { $0 += send($1) }
    }

    mutating func endInput() -> String {
        chat.eventsAtEnd(in: state).reduce(into: "") { $0 += send($1) }
    }

    mutating func reply(_ event: ReplyEvent) -> String {
        state.session.reply.map { send(.reply($0.id, event)) } ?? ""
    }

    mutating func stream(_ pieces: String...) -> String {
        pieces.reduce(into: "") { $0 += reply(.text($1)) }
    }

    mutating func finish(_ stop: StopReason = .endOfTurn) -> String {
        reply(
            .finished(
                ReplyStats(
                    promptTokens: 31, cachedTokens: 0, generatedTokens: 188, firstTokenSeconds: 0.09,
                    tokensPerSecond: 214, stop: stop)))
    }

    /// A message with its complete reply.
    mutating func talk(_ message: String, _ answer: String) -> String {
        enter(message) + stream(answer) + finish()
    }

    var prompt: String { chat.prompt(in: state) }
    /// The user's messages on the shown branch.
    var sent: [String] { state.session.record.conversation.path.filter { $0.role == .user }.map(\.content) }
}
