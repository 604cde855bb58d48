import Chat
import Foundation

/// How fast models were on this computer, in tokens per second, by `ModelReference.key`. Lost or damaged, it begins anew.
struct SpeedLog {
    private(set) var speeds: [String: Double]
    private let file: URL

    private static let sizeLimit = 1 << 20
    private static let entryLimit = 1000
    /// How much of what is remembered the latest reply makes up: one that shared the computer with much else should
    /// not count for all.
    private static let share = 0.4

    init(file: URL) {
        self.file = file
        let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize
        let data = (size ?? 0) <= Self.sizeLimit ? try? Data(contentsOf: file) : nil
        let read = data.flatMap { try? JSONDecoder().decode([String: Double].self, from: $0) } ?? [:]
        speeds = read.filter { $0.value.isFinite && $0.value > 0 }
    }

    subscript(model: ModelReference) -> Double? { speeds[model.key] }

    /// What cannot be written is measured again.
    mutating func add(_ speed: Double, of model: ModelReference) {
        let key = model.key
        if speeds.count >= Self.entryLimit, speeds[key] == nil { speeds = [:] }
        speeds[key] = speeds[key].map { $0 + Self.share * (speed - $0) } ?? speed
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(speeds) else { return }
        let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: owner)
        try? data.write(to: file, options: .atomic)
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
}
