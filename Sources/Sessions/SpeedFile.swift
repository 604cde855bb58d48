import Chat

/// The file with measured decode speeds. If it is missing or damaged, speeds are measured again.
public struct SpeedFile: Sendable {
    private let path: String

    public init(_ home: SottoHome) { path = home.speeds }

    public func load() -> ModelSpeeds { ModelSpeeds(byKey: CodableFile.load([String: Double].self, from: path) ?? [:]) }

    public func save(_ speeds: ModelSpeeds) { try? CodableFile.save(speeds.byKey, to: path) }
}
