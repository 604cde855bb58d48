import Chat
import Foundation
import JSON

/// Presets: those of other programs, the built-in ones, and the user's own. Each takes precedence over earlier ones of the
/// same name.
public struct PresetStore: Sendable {
    /// The folder of the user's own presets.
    public let folder: String
    /// The folder of the built-in presets; nil if the program came without.
    public let shippedFolder: String?
    /// Reads the presets of other programs, whose names show where they come from.
    private let foreign: @Sendable () -> [Preset]

    static let suffix = ".preset.json"

    public init(
        folder: String, shippedFolder: String?, foreign: @escaping @Sendable () -> [Preset] = { [] }
    ) {
        self.folder = folder
        self.shippedFolder = shippedFolder
        self.foreign = foreign
    }

    /// A preset's file, with its content or the reason why it cannot be read.
    private struct File {
        let path: String
        let isOwn: Bool
        let content: Result<Content, SessionError>

        var preset: Preset? { (try? content.get())?.preset }

        /// Whether the preset has this name. A file that cannot be read has the name of the file.
        func isNamed(_ name: String) -> Bool {
            let own = preset?.name ?? String(URL(filePath: path).lastPathComponent.dropLast(PresetStore.suffix.count))
            return own.lowercased() == name.lowercased()
        }
    }

    private struct Content {
        let json: JSONValue
        let preset: Preset
    }

    /// All presets that can be read, sorted by name, and why the others cannot.
    public func list() -> (presets: [Preset], problems: [SessionError]) {
        var found: [String: Preset] = [:]
        var problems: [SessionError] = []
        for preset in foreign() { found[preset.name.lowercased()] = preset }
        for file in files() {
            switch file.content {
            case .success(let content): found[content.preset.name.lowercased()] = content.preset
            case .failure(let problem): problems.append(problem)
            }
        }
        return (found.values.sorted { $0.name < $1.name }, problems)
    }

    /// The built-in ones first.
    private func files() -> [File] {
        [(shippedFolder, false), (folder, true)].flatMap { folder, isOwn in
            (folder.map(FileAccess.entries) ?? []).sorted().filter { $0.hasSuffix(Self.suffix) }.map { name in
                let path = "\(folder ?? "")/\(name)"
                return File(
                    path: path, isOwn: isOwn, content: Result { () throws(SessionError) in try Self.read(path) })
            }
        }
    }

    /// The preset with a name, ignoring case. If the user's own file of that name cannot be read, it is an error, even if
    /// there is a built-in preset of that name: that is not the one the user means.
    public func load(_ name: String) throws(SessionError) -> Preset { try find(name).preset }

    private func find(_ name: String) throws(SessionError) -> Content {
        if let file = files().last(where: { $0.isNamed(name) }) { return try file.content.get() }
        if let preset = foreignPreset(name) { return Content(json: preset.json, preset: preset) }
        throw unknown(name)
    }

    private func foreignPreset(_ name: String) -> Preset? {
        foreign().first { $0.name.lowercased() == name.lowercased() }
    }

    private func unknown(_ name: String) -> SessionError {
        .notFound(
            kind: .preset, query: name, suggestion: Spelling.nearest(to: name, among: list().presets.map(\.name)))
    }

    // MARK: Export and import

    /// The text of the preset's file, including fields that this version does not know.
    public func text(of name: String) throws(SessionError) -> String { JSONWriter.pretty(try find(name).json) }

    /// Writes a preset to a new file. Existing files are not overwritten.
    public func export(_ name: String, to path: String) throws(SessionError) {
        guard try FileAccess.create(path, with: Array(try text(of: name).utf8)) else { throw .exists(path: path) }
    }

    /// Adds a preset from a file to the user's own. Throws if they already have one of that name.
    public func importFile(_ path: String) throws(SessionError) -> Preset {
        let content = try Self.read(path)
        let name = content.preset.name
        let target = self.path(of: name)
        let exists = files().contains {
            $0.isOwn && ($0.isNamed(name) || $0.path.lowercased() == target.lowercased())
        }
        if exists { throw .presetExists(name) }
        try FileAccess.replace(target, with: Array(JSONWriter.pretty(content.json).utf8))
        return content.preset
    }

    // MARK: The user's own

    /// Saves one of the user's own presets, replacing the one of that name. Fields of the old file that this version does
    /// not know are kept.
    public func save(_ preset: Preset) throws(SessionError) {
        guard Preset.isValidName(preset.name) else { throw .badPresetName(preset.name) }
        let path = self.path(of: preset.name)
        var preset = preset
        if FileAccess.exists(path),
            let old = Preset.unknownFields(in: JSONReader.recover(try FileAccess.read(path)).value)
        {
            preset.unknownFields = old
        }
        try FileAccess.replace(path, with: Array(JSONWriter.pretty(preset.json).utf8))
    }

    /// Deletes one of the user's own presets, readable or not. A built-in one of that name can then be used again.
    public func remove(_ name: String) throws(SessionError) {
        guard let file = files().last(where: { $0.isNamed(name) }) else {
            throw foreignPreset(name).map { .foreignPreset($0.name) } ?? unknown(name)
        }
        guard file.isOwn else { throw .builtInPreset(file.preset?.name ?? name) }
        try FileAccess.remove(file.path)
    }

    private func path(of name: String) -> String { "\(folder)/\(name)\(Self.suffix)" }

    private static func read(_ path: String) throws(SessionError) -> Content {
        let bytes = try FileAccess.read(path)
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(bytes)
        } catch {
            throw .notAPreset(path: path, found: error.description)
        }
        return Content(json: json, preset: try Preset(json, path: path))
    }
}
