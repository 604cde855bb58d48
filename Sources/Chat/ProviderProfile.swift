/// What the chat needs to know of a provider without asking it.
public struct ProviderProfile: Sendable, Equatable, Identifiable {
    /// The registry id, such as "local" or "anthropic"; the part before the colon in a model's name.
    public var id: String
    /// As people write it, such as "Anthropic".
    public var title: String
    /// Where the words of a conversation go.
    public var place: Place
    public var settings: SettingSupport

    public enum Place: Sendable, Equatable {
        /// Inside this program.
        case here
        /// Another program on this computer, such as "127.0.0.1:11434".
        case thisComputer(String)
        /// Another computer, such as "api.anthropic.com".
        case remote(String)

        public var isThisComputer: Bool { if case .thisComputer = self { true } else { false } }
    }

    public init(
        id: String, title: String, place: Place, settings: SettingSupport = .everything
    ) {
        self.id = id
        self.title = title
        self.place = place
        self.settings = settings
    }

    /// The host that words are sent to when they leave this computer; nil if they do not.
    public var remoteHost: String? { if case .remote(let host) = place { host } else { nil } }
}
