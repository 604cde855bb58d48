/// What a store keeps with a model for conversations with it, such as the layers of a model in Ollama's store.
public struct ModelDefaults: Sendable, Equatable {
    /// For conversations without a system prompt of their own.
    public var system: String?
    /// By the setting's name in `SettingTable`, checked against its range.
    public var settings: [String: SettingValue]
    /// Texts that end a reply, besides the model's own and the user's.
    public var stop: [String]

    public init(system: String? = nil, settings: [String: SettingValue] = [:], stop: [String] = []) {
        self.system = system
        self.settings = settings
        self.stop = stop
    }
}
