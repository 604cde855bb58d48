import Chat
import Foundation
import Replies
import Synchronization

@testable import Services

/// The events of a reply, and how it ended.
final class ReplyLog: Sendable {
    private let stored = Mutex<[ReplyEvent]>([])

    var events: [ReplyEvent] { stored.withLock { $0 } }
    var text: String { chunks.map(\.text).joined() }
    var reasoning: String { chunks.map(\.reasoning).joined() }
    var chunks: [ReplyChunk] { events.compactMap { if case .chunk(let chunk) = $0 { chunk } else { nil } } }
    var stats: ReplyStats? { events.compactMap { if case .finished(let stats) = $0 { stats } else { nil } }.last }
    var state: ProviderState? {
        events.compactMap { if case .providerState(let state) = $0 { state } else { nil } }.last
    }
    /// Reasons and seconds of repeated requests.
    var retries: [(reason: String, seconds: Double)] {
        events.compactMap { if case .retrying(let reason, let seconds) = $0 { (reason, seconds) } else { nil } }
    }
    var notices: [String] {
        events.compactMap { if case .notice(.other(let text)) = $0 { text } else { nil } }
    }

    func append(_ event: ReplyEvent) { stored.withLock { $0.append(event) } }
}

extension ServiceProvider {
    /// Runs a reply to its end.
    ///
    /// - Returns: its events, and the error that ended it.
    func run(
        _ messages: [Message], model: String, system: String? = nil,
        settings: GenerationSettings = GenerationSettings(),
        cancellation: Cancellation = Cancellation(), onEvent: @escaping @Sendable (ReplyEvent) -> Void = { _ in }
    ) async -> (log: ReplyLog, error: ServiceError?) {
        let log = ReplyLog()
        let request = ReplyRequest(
            model: ModelReference(provider: service.id, name: model), system: system, messages: messages,
            settings: LiveSettings(settings), cancellation: cancellation)
        do {
            try await reply(to: request) { event in
                log.append(event)
                onEvent(event)
            }
            return (log, nil)
        } catch {
            return (log, error as? ServiceError ?? .failed(service: "test", message: "\(error)"))
        }
    }
}

/// A provider with the server that it talks to, which runs as long as one of them is in use.
struct PeerProvider: Sendable {
    let provider: ServiceProvider
    let server: TestServer

    var service: Service { provider.service }
    var profile: ProviderProfile { provider.profile }

    func models() async throws -> [ModelInfo] { try await provider.models() }

    /// Runs a reply to its end.
    func run(
        _ messages: [Message], model: String, system: String? = nil,
        settings: GenerationSettings = GenerationSettings(),
        cancellation: Cancellation = Cancellation(), onEvent: @escaping @Sendable (ReplyEvent) -> Void = { _ in }
    ) async -> (log: ReplyLog, error: ServiceError?) {
        await provider.run(
            messages, model: model, system: system, settings: settings, cancellation: cancellation, onEvent: onEvent)
    }
}

extension Message {
    static func user(_ text: String) -> Message { made(.user, text) }
    static func assistant(_ text: String) -> Message { made(.assistant, text) }

    /// The message that a reply becomes.
    static func assistant(_ log: ReplyLog) -> Message {
        var message = made(.assistant, log.text)
        message.reasoning = log.reasoning.isEmpty ? nil : log.reasoning
        message.providerState = log.state
        return message
    }

    private static func made(_ role: Role, _ text: String) -> Message {
        Message(id: ID(rawValue: UUID().uuidString), parent: nil, role: role, created: Date(), content: text)
    }
}
