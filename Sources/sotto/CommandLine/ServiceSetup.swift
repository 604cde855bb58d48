import BuildInfo
import Chat
import ChatApp
import Foundation
import HTTP
import Providers
import Services
import Sessions

/// The services that this run can reach: from the environment, from `providers.json`, and on this computer's usual ports.
struct ServiceSetup: Sendable {
    let services: [Service]
    let providers: [ServiceProvider]
    /// What is wrong with the configuration, one line each.
    let problems: [String]
    private let client: HTTPClient
    private let keys: KeyRing
    private let prices: PriceTable

    init(home: SottoHome, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let (file, fileProblems) = ProvidersFile.load(path: home.providers)
        let (prices, priceProblems) = PriceTable.load(shipped: home.shippedPrices, own: home.prices)
        services = ServiceList.services(environment: environment, file: file)
        problems = fileProblems + priceProblems
        client = HTTPClient(
            HTTPClient.Options(
                isOffline: file.isOffline || !["", "0"].contains(environment["SOTTO_OFFLINE"] ?? ""),
                certificateFile: environment["SOTTO_CA_FILE"] ?? environment["SSL_CERT_FILE"],
                userAgent: "sotto/\(BuildInfo.version)"))
        keys = KeyRing(environment: environment)
        self.prices = prices
        providers = services.map { [client, keys] in ServiceProvider($0, client: client, keys: keys, prices: prices) }
    }

    /// The local engine's and the services' profiles, without loading anything.
    var profiles: [ProviderProfile] { [LocalProvider.profile] + providers.map(\.profile) }

    /// The model that the user named: "provider:model", or a local model's path, name or beginning of a name.
    func reference(named text: String, in catalogue: Catalogue) throws -> ModelReference {
        let named = ModelReference(named: text, providers: services.map(\.id))
        if named.provider == ModelReference.localProvider { return try catalogue.models.find(text).reference }
        guard !named.name.isEmpty else { throw CommandLineError("Name a model after the colon: \(text)NAME") }
        return named
    }

    func provider(named id: String) -> ServiceProvider? { providers.first { $0.profile.id == id } }

    /// Servers on this computer's usual ports that answer quickly.
    ///
    /// - Parameter known: providers that are registered already.
    func findServers(besides known: [ProviderProfile]) async -> [ServiceProvider] {
        let ids = Set(known.map(\.id))
        return await LocalServers.find(known: services)
            .filter { !ids.contains($0.id) }
            .map { ServiceProvider($0, client: client, keys: keys, prices: prices) }
    }

    // MARK: Models

    /// Asks a service for its models.
    func models(of id: String) async throws -> [ModelInfo] {
        if let provider = provider(named: id) { return try await provider.models() }
        let found = await findServers(besides: profiles)
        guard let provider = found.first(where: { $0.profile.id == id }) else {
            throw ProviderError.unknown(id, known: (profiles + found.map(\.profile)).map(\.id))
        }
        return try await provider.models()
    }

    /// The models of services on this computer that answer.
    func modelsOnThisComputer() async -> [ModelInfo] {
        let found = await findServers(besides: profiles)
        let local = providers.filter { $0.profile.place.isThisComputer } + found
        return await withTaskGroup(of: (Int, [ModelInfo]).self) { group in
            for (index, provider) in local.enumerated() {
                group.addTask { (index, (try? await provider.models()) ?? []) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    /// The facts about a model that the user named.
    func info(named text: String, in catalogue: Catalogue) async throws -> ModelInfo {
        let model = try reference(named: text, in: catalogue)
        if model.provider == ModelReference.localProvider { return try catalogue.models.find(text) }
        let models = try await models(of: model.provider)
        if let info = models.first(where: { $0.reference.hasSameName(as: model) }) { return info }
        throw ServiceError.unknownModel(
            model.name, service: provider(named: model.provider)?.profile.title ?? model.provider,
            near: Spelling.near(model.name, among: models.map(\.reference.name)))
    }
}
