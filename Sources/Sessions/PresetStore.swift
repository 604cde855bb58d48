import Chat
import Foundation
import JSON

/// Presets: those that came with the program, and the person's own, which hide shipped ones of the same name.
public struct PresetStore: Sendable {
    /// Where the person's own are kept.
    public let folder: String
    /// Where the shipped ones are; nil where the program came without.
    public let shippedFolder: String?

    static let suffix = ".preset.json"

    public init(folder: String, shippedFolder: String?) {
        self.folder = folder
        self.shippedFolder = shippedFolder
    }

    /// A file of the folders, and what is in it or why that cannot be read.
    private struct File {
        let path: String
        let isOwn: Bool
        let content: Result<Content, SessionError>

        var preset: Preset? { (try? content.get())?.preset }

        /// Whether it is meant by a name: the preset's, or the file's where there is nothing to read a name from.
        func goes(by name: String) -> Bool {
            let own = preset?.name ?? String(URL(filePath: path).lastPathComponent.dropLast(PresetStore.suffix.count))
            return own.lowercased() == name.lowercased()
        }
    }

    private struct Content {
        let json: JSONValue
        let preset: Preset
    }

    /// Every preset that can be read, by name, and why the others cannot.
    public func list() -> (presets: [Preset], problems: [SessionError]) {
        var found: [String: Preset] = [:]
        var problems: [SessionError] = []
        for file in files() {
            switch file.content {
            case .success(let content): found[content.preset.name.lowercased()] = content.preset
            case .failure(let problem): problems.append(problem)
            }
        }
        return (found.values.sorted { $0.name < $1.name }, problems)
    }

    /// The shipped ones first.
    private func files() -> [File] {
        [(shippedFolder, false), (folder, true)].flatMap { folder, isOwn in
            (folder.map(FileAccess.entries) ?? []).sorted().filter { $0.hasSuffix(Self.suffix) }.map { name in
                let path = "\(folder ?? "")/\(name)"
                return File(
                    path: path, isOwn: isOwn, content: Result { () throws(SessionError) in try Self.read(path) })
            }
        }
    }

    /// The preset of that name, without regard to case. A file of the person's own that cannot be read is an error, also
    /// where there is a shipped one of its name: that is not what they mean.
    public func load(_ name: String) throws(SessionError) -> Preset { try find(name).preset }

    private func find(_ name: String) throws(SessionError) -> Content {
        if let file = files().last(where: { $0.goes(by: name) }) { return try file.content.get() }
        throw unknown(name)
    }

    private func unknown(_ name: String) -> SessionError {
        .notFound(
            kind: .preset, query: name, suggestion: Spelling.nearest(to: name, among: list().presets.map(\.name)))
    }

    // MARK: Files of others

    /// The preset's file, with whatever else stands in it.
    public func text(of name: String) throws(SessionError) -> String { JSONWriter.pretty(try find(name).json) }

    /// Writes a preset to a file. Nothing that is there already is overwritten.
    public func export(_ name: String, to path: String) throws(SessionError) {
        guard try FileAccess.create(path, with: Array(try text(of: name).utf8)) else {
            throw .cannotWrite(path: path, reason: "it is there already; give another name")
        }
    }

    /// Puts a preset from a file among the person's own. One that they have under its name already stays.
    public func importFile(_ path: String) throws(SessionError) -> Preset {
        let content = try Self.read(path)
        let name = content.preset.name
        let target = "\(folder)/\(name)\(Self.suffix)"
        let isThere = files().contains {
            $0.isOwn && ($0.goes(by: name) || $0.path.lowercased() == target.lowercased())
        }
        if isThere { throw .presetExists(name) }
        try FileAccess.makeFolder(folder)
        try FileAccess.replace(target, with: Array(JSONWriter.pretty(content.json).utf8))
        return content.preset
    }

    // MARK: The person's own

    /// Saves one of the person's own; one that they had under that name is replaced.
    public func save(_ preset: Preset) throws(SessionError) {
        guard Preset.isName(preset.name) else { throw .badName(preset.name) }
        try FileAccess.makeFolder(folder)
        let path = "\(folder)/\(preset.name)\(Self.suffix)"
        let source = FileAccess.exists(path) ? try JSONReader.recover(FileAccess.read(path)).value.object : nil
        try FileAccess.replace(path, with: Array(JSONWriter.pretty(preset.json(over: source ?? [:])).utf8))
    }

    /// Removes one of the person's own, be it readable or not. A shipped one of that name is there again.
    public func remove(_ name: String) throws(SessionError) {
        guard let file = files().last(where: { $0.goes(by: name) }) else { throw unknown(name) }
        guard file.isOwn else { throw .shippedPreset(file.preset?.name ?? name) }
        guard unlink(file.path) == 0 else {
            throw .cannotWrite(path: file.path, reason: SessionError.reason(errno))
        }
    }

    private static func read(_ path: String) throws(SessionError) -> Content {
        let json: JSONValue
        do {
            json = try JSONReader.read(FileAccess.read(path))
        } catch let error as JSONError {
            throw .notAPreset(path: path, found: error.description)
        } catch let error as SessionError {
            throw error
        } catch {
            throw .cannotRead(path: path, reason: "\(error)")
        }
        return Content(json: json, preset: try Preset(json, path: path))
    }
}
