/// Measured decode speeds of models on this computer, in tokens per second.
public struct ModelSpeeds: Sendable, Equatable {
    /// By "provider/name", the form in which they are saved.
    public private(set) var byKey: [String: Double] = [:]

    private static let entryLimit = 1000
    /// Weight of the latest reply in the average: it may have shared the computer with other programs.
    private static let share = 0.4

    public init() {}

    /// Speeds that are not positive numbers are dropped.
    public init(byKey: [String: Double]) { self.byKey = byKey.filter { $0.value.isFinite && $0.value > 0 } }

    public subscript(model: ModelReference) -> Double? { byKey[Self.key(model)] }

    /// Adds the speed of a reply to the average of its model.
    public mutating func add(_ speed: Double, of model: ModelReference) {
        let key = Self.key(model)
        if byKey.count >= Self.entryLimit, byKey[key] == nil { byKey = [:] }
        byKey[key] = byKey[key].map { $0 + Self.share * (speed - $0) } ?? speed
    }

    private static func key(_ model: ModelReference) -> String { "\(model.provider)/\(model.name)" }
}
