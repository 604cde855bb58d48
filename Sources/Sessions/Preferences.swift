/// Choices that are remembered for the next start. If their file is missing or damaged, all have their defaults.
public struct Preferences: Codable, Equatable, Sendable {
    public var theme: String?
    /// The name of the model that was chosen last.
    public var model: String?
    /// The id of the session that was changed last.
    public var session: String?
    /// Whether the program receives mouse events; nil if the user has not chosen.
    public var mouse: Bool?

    public init() {}

    public static func load(from home: SottoHome) -> Preferences {
        CodableFile.load(Preferences.self, from: path(home)) ?? Preferences()
    }

    public func save(to home: SottoHome) throws(SessionError) { try CodableFile.save(self, to: Self.path(home)) }

    private static func path(_ home: SottoHome) -> String { "\(home.folder)/preferences.json" }
}
