import Foundation
import Sessions

/// What is remembered from one start to the next. Lost or damaged, it is as on the first day.
struct Preferences: Codable, Equatable {
    var theme: String?
    /// The name of the model that was chosen last.
    var model: String?
    /// The id of the session that was changed last.
    var session: String?
    /// Whether the program hears of the mouse; nil while nobody has said.
    var mouse: Bool?

    private static var file: URL { URL(filePath: SottoHome.current.folder).appending(path: "preferences.json") }

    static func load() -> Preferences {
        guard let data = try? Data(contentsOf: file),
            let preferences = try? JSONDecoder().decode(Preferences.self, from: data)
        else { return Preferences() }
        return preferences
    }

    func save() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            let folder = Self.file.deletingLastPathComponent()
            let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: owner)
            try encoder.encode(self).write(to: Self.file, options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: Self.file.path)
        } catch {
            throw CommandLineError("what was chosen cannot be remembered: \(Self.file.path) cannot be written")
        }
    }
}
