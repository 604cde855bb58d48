/// Named settings with a system prompt. Copied into a session when chosen, never aliased.
public struct Preset: Sendable, Equatable {
    public var name: String
    public var summary: String
    /// nil leaves the conversation's system prompt as it is.
    public var system: String?
    public var settings: GenerationSettings

    public init(name: String, summary: String, system: String?, settings: GenerationSettings) {
        self.name = name
        self.summary = summary
        self.system = system
        self.settings = settings
    }
}
