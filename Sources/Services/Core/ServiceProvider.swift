import Chat
import HTTP
import JSON
import Replies

/// A service as a provider of the chat. What differs between services is in their `WireProtocol`s.
public struct ServiceProvider: Provider {
    public let service: Service
    public let profile: ProviderProfile
    let wire: any WireProtocol
    private let client: HTTPClient
    private let keys: KeyRing
    private let prices: PriceTable

    /// - Parameters:
    ///   - keys: looks up keys when they are first needed.
    ///   - prices: for the cost of replies.
    public init(_ service: Service, client: HTTPClient, keys: KeyRing, prices: PriceTable = PriceTable()) {
        self.service = service
        self.client = client
        self.keys = keys
        self.prices = prices
        wire = service.kind.traits.wire()
        profile = ProviderProfile(
            id: service.id, title: service.title, place: service.place, settings: wire.settings)
    }

    public func models() async throws -> [ModelInfo] {
        try await wire.models(try await connection()).map { info in
            var info = info
            info.reference.provider = service.id
            info.price = prices.price(of: info.reference.name, kind: service.kind, id: service.id)
            return info
        }
    }

    public func reply(to request: ReplyRequest, onEvent: @escaping @Sendable (ReplyEvent) -> Void) async throws {
        let recorder = ReplyRecorder(
            model: request.model, price: prices.price(of: request.model.name, kind: service.kind, id: service.id),
            onEvent: onEvent)
        var run = ServiceReply(
            request: request, provider: service.id, wire: wire, connection: try await connection(),
            recorder: recorder)
        do {
            try await run.run()
            recorder.finish(.endOfTurn)
        } catch .cancelled {
            recorder.finish(.cancelled)
        } catch {
            guard !recorder.hasBegun, error.mayBeAboutModel, let unknown = await unknownModel(request.model.name) else {
                throw error
            }
            throw unknown
        }
    }

    func connection() async throws(ServiceError) -> ServiceConnection {
        ServiceConnection(service: service, wire: wire, client: client, key: try await keys.key(of: service))
    }

    /// Names the models that are nearest to one that the service does not have; nil if it has it, or has no list.
    private func unknownModel(_ name: String) async -> ServiceError? {
        guard let names = try? await models().map(\.reference.name), !names.contains(name) else { return nil }
        return .unknownModel(name, service: service.title, near: Spelling.near(name, among: names))
    }
}

extension ServiceError {
    /// Whether the service may not have the model. It may also be the address that it does not have.
    fileprivate var mayBeAboutModel: Bool {
        switch self {
        case .refused(_, 404, _): true
        // Mistral says it with the status of a wrong request.
        case .refused(_, 400, let message): message.lowercased().hasPrefix("invalid model")
        default: false
        }
    }
}
