/// Named settings with a system prompt. They are copied into a session when the user applies them.
public struct Preset: Sendable, Equatable {
    public var name: String
    public var summary: String
    /// nil keeps the current system prompt.
    public var system: String?
    public var settings: GenerationSettings
    /// Fields of its file that this version does not know.
    public var unknownFields: OpaqueFields?

    public init(name: String, summary: String, system: String?, settings: GenerationSettings) {
        self.name = name
        self.summary = summary
        self.system = system
        self.settings = settings
    }

    /// Whether a preset can have this name, which is also its file's name.
    public static func isValidName(_ name: String) -> Bool {
        (1...64).contains(name.count) && name.utf8.count <= 200 && !name.hasPrefix(".") && !name.hasPrefix(" ")
            && name.allSatisfy { $0.isLetter || $0.isNumber || " -_.".contains($0) }
    }

    /// The rule of `isValidName` as part of a message.
    public static let nameRule = "Preset names may use letters, digits, spaces, -, _ and . (64 characters at most)"
}
