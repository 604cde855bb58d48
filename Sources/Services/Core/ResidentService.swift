import Chat
import Replies

/// A service that keeps models in memory and can be asked to load and release them.
protocol ResidentWire: WireProtocol {
    /// Loads a model, however long it takes.
    ///
    /// - Parameter contextLength: in tokens; 0 for the service's choice.
    func load(_ name: String, contextLength: Int, _ connection: ServiceConnection) async throws(ServiceError)
    /// Releases a model. Returns whether it was in memory.
    func unload(_ name: String, _ connection: ServiceConnection) async throws(ServiceError) -> Bool
}

/// The provider of a service that keeps models in memory.
public struct ResidentService: ModelResidency {
    let base: ServiceProvider
    let wire: any ResidentWire

    public var profile: ProviderProfile { base.profile }

    public func models() async throws -> [ModelInfo] { try await base.models() }

    public func reply(to request: ReplyRequest, onEvent: @escaping @Sendable (ReplyEvent) -> Void) async throws {
        try await base.reply(to: request, onEvent: onEvent)
    }

    public func load(_ model: ModelReference, settings: GenerationSettings) async throws {
        try await wire.load(model.name, contextLength: settings.contextLength, try await base.connection())
    }

    public func unload(_ model: ModelReference) async throws -> Bool {
        try await wire.unload(model.name, try await base.connection())
    }
}

extension ServiceProvider {
    /// As a provider with everything that the service can do.
    public var complete: any Provider {
        guard let resident = wire as? any ResidentWire else { return self }
        return ResidentService(base: self, wire: resident)
    }
}
