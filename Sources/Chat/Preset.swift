/// Named settings with a system prompt. They are copied into a session when the user applies them.
public struct Preset: Sendable, Equatable {
    public var name: String
    public var summary: String
    /// nil keeps the user's own system prompt.
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

extension SessionRecord {
    /// Copies a preset's settings and system prompt. A preset without a prompt keeps one that the user wrote, but not
    /// one that another preset brought: it would go on steering every reply unseen.
    ///
    /// - Parameters:
    ///   - presets: all presets, to see where the session's prompt comes from.
    ///   - own: the user's prompt before a preset replaced it.
    public mutating func apply(_ preset: Preset, among presets: [Preset], own: String? = nil) {
        self.preset = preset.name
        settings = preset.settings
        system = preset.system ?? (systemPreset(among: presets) == nil ? system : own)
    }

    /// The preset that the system prompt comes from; nil if there is no prompt or the user wrote it.
    public func systemPreset(among presets: [Preset]) -> Preset? {
        system.flatMap { system in presets.first { $0.system == system } }
    }
}
