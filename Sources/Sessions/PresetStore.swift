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
    private static let format = "sotto.preset"
    private static let version = 1

    public init(folder: String, shippedFolder: String?) {
        self.folder = folder
        self.shippedFolder = shippedFolder
    }

    /// A file that a preset came from.
    private struct File {
        var json: JSONValue
        var preset: Preset
    }

    /// Every preset that can be read, by name, and why the others cannot.
    public func list() -> (presets: [Preset], problems: [SessionError]) {
        let found = files()
        return (found.files.map(\.preset), found.problems)
    }

    private func files() -> (files: [File], problems: [SessionError]) {
        var found: [String: File] = [:]
        var problems: [SessionError] = []
        for folder in [shippedFolder, folder].compactMap({ $0 }) {
            for file in FileAccess.entries(folder).sorted() where file.hasSuffix(Self.suffix) {
                do throws(SessionError) {
                    let file = try Self.read("\(folder)/\(file)")
                    found[file.preset.name.lowercased()] = file
                } catch { problems.append(error) }
            }
        }
        return (found.values.sorted { $0.preset.name < $1.preset.name }, problems)
    }

    /// The preset of that name, without regard to case.
    public func load(_ name: String) throws(SessionError) -> Preset { try find(name).preset }

    private func find(_ name: String) throws(SessionError) -> File {
        let files = files().files
        if let file = files.first(where: { $0.preset.name.lowercased() == name.lowercased() }) { return file }
        let names = files.map(\.preset.name)
        let suggestion = Spelling.nearest(to: name, among: names) ?? (names.isEmpty ? nil : names.joined(separator: ", "))
        throw .notFound(kind: .preset, query: name, suggestion: suggestion)
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
        let file = try Self.read(path)
        let name = file.preset.name
        let own = FileAccess.entries(folder).map { $0.lowercased() }
        if own.contains("\(name)\(Self.suffix)".lowercased()) { throw .presetExists(name) }
        try FileAccess.makeFolder(folder)
        try FileAccess.replace("\(folder)/\(name)\(Self.suffix)", with: Array(JSONWriter.pretty(file.json).utf8))
        return file.preset
    }

    // MARK: The person's own

    /// Saves one of the person's own; one that they had under that name is replaced.
    public func save(_ preset: Preset) throws(SessionError) {
        guard Self.isName(preset.name) else { throw .badName(preset.name) }
        try FileAccess.makeFolder(folder)
        let path = "\(folder)/\(preset.name)\(Self.suffix)"
        let source = FileAccess.exists(path) ? try JSONReader.recover(FileAccess.read(path)).value.object : nil
        var fields = source ?? [:]
        fields["format"] = .string(Self.format)
        fields["version"] = .integer(Self.version)
        fields["name"] = .string(preset.name)
        fields["summary"] = .string(preset.summary)
        fields["system"] = .text(preset.system)
        fields["settings"] = .object(preset.settings.json(over: source?["settings"]?.object ?? [:]))
        try FileAccess.replace(path, with: Array(JSONWriter.pretty(.object(fields)).utf8))
    }

    /// Removes one of the person's own. A shipped one of that name is there again.
    public func remove(_ name: String) throws(SessionError) {
        let preset = try load(name)
        let path = "\(folder)/\(preset.name)\(Self.suffix)"
        guard FileAccess.exists(path) else { throw .shippedPreset(preset.name) }
        guard unlink(path) == 0 else { throw .cannotWrite(path: path, reason: SessionError.reason(errno)) }
    }

    private static func read(_ path: String) throws(SessionError) -> File {
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
        guard let fields = json.object, fields["format"]?.string == format else {
            throw .notAPreset(path: path, found: "it does not say so")
        }
        if let later = fields["version"]?.integer, later > version {
            throw .notAPreset(path: path, found: "a later version of sotto wrote it (format \(later))")
        }
        var reader = FieldReader(fields)
        let preset = Preset(
            name: reader.required("name", "a text", fallback: "", \.string), summary: reader.text("summary") ?? "",
            system: reader.text("system"),
            settings: reader.object("settings", GenerationSettings.init) ?? GenerationSettings())
        if let warning = reader.warnings.first { throw .notAPreset(path: path, found: warning.description) }
        guard isName(preset.name) else { throw .badName(preset.name) }
        return File(json: json, preset: preset)
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.count) && !name.hasPrefix(".") && !name.hasPrefix(" ")
            && name.allSatisfy { $0.isLetter || $0.isNumber || " -_.".contains($0) } && name.utf8.count <= 200
    }
}
