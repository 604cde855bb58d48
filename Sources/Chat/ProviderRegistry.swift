import Synchronization

/// The providers of this run, by id. Chat, plain mode and commands reach every model through it.
public final class ProviderRegistry: Sendable {
    private let storage: Mutex<[any Provider]>

    public init(_ providers: [any Provider]) { storage = Mutex(providers) }

    /// In the order of lists.
    public var providers: [any Provider] { storage.withLock { $0 } }

    /// Adds services that were found while the program runs. One whose id is taken is left out.
    public func add(_ found: [any Provider]) {
        storage.withLock { providers in
            for provider in found where !providers.contains(where: { $0.profile.id == provider.profile.id }) {
                providers.append(provider)
            }
        }
    }

    public var profiles: [ProviderProfile] { providers.map(\.profile) }

    public func provider(of model: ModelReference) throws(ProviderError) -> any Provider {
        let known = providers
        guard let provider = known.first(where: { $0.profile.id == model.provider }) else {
            throw .unknown(model.provider, known: known.map(\.profile.id))
        }
        return provider
    }

    /// A model's provider, as something that can do what is asked.
    ///
    /// - Parameters:
    ///   - ability: an existential type such as `(any TokenCounting).self`.
    ///   - purpose: what it is for, as the subject of a sentence: "Token probabilities".
    public func provider<Ability>(
        of model: ModelReference, as ability: Ability.Type, for purpose: String
    ) throws(ProviderError) -> Ability {
        let provider = try provider(of: model)
        guard let able = provider as? Ability else { throw .lacks(purpose, provider.profile.title) }
        return able
    }
}

extension ModelReference {
    /// Reads "provider:model", split at the first colon. A prefix counts only if it names a registered provider, so that
    /// local names with a colon ("llama3.2:1b") stay local.
    public init(named text: String, providers: some Sequence<String>) {
        if let colon = text.firstIndex(of: ":"), providers.contains(String(text[..<colon])) {
            self.init(provider: String(text[..<colon]), name: String(text[text.index(after: colon)...]))
        } else {
            self.init(provider: Self.localProvider, name: text)
        }
    }

    /// The registry id of the engine in this program.
    public static let localProvider = "local"

    /// As users type it: the name alone for local models, else "provider:model".
    public var text: String { provider == Self.localProvider ? name : "\(provider):\(name)" }
}

/// Why a provider cannot be asked, in one line.
public enum ProviderError: Error, Equatable, CustomStringConvertible {
    case unknown(String, known: [String])
    /// The purpose and the provider's title.
    case lacks(String, String)

    public var description: String {
        switch self {
        case .unknown(let id, let known):
            "There is no provider called \(id). Providers: \(known.joined(separator: ", ")), and those in providers.json"
        case .lacks(let purpose, let title): "\(purpose): not available from \(title)"
        }
    }
}
