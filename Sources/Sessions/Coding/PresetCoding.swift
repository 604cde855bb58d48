import Chat
import JSON

extension Preset {
    static let format = "sotto.preset"
    /// The version of the format that this program writes.
    static let version = 1

    /// As a preset's file has it; fields of `source` that this version does not know stay.
    public func json(over source: JSONObject = [:]) -> JSONValue {
        var fields = source
        fields["format"] = .string(Self.format)
        fields["version"] = .integer(Self.version)
        fields["name"] = .string(name)
        fields["summary"] = .string(summary)
        fields["system"] = .text(system)
        fields["settings"] = .object(settings.json(over: source["settings"]?.object ?? [:]))
        return .object(fields)
    }

    /// Reads a preset, which must be right in everything that this version knows.
    ///
    /// - Parameter path: of the file, for the error.
    init(_ json: JSONValue, path: String) throws(SessionError) {
        guard let fields = json.object, fields["format"]?.string == Self.format else {
            throw .notAPreset(path: path, found: "it does not say so")
        }
        if let later = fields["version"]?.integer, later > Self.version {
            throw .notAPreset(path: path, found: "a later version of sotto wrote it (format \(later))")
        }
        var reader = FieldReader(fields)
        self.init(
            name: reader.required("name", "a text", fallback: "", \.string), summary: reader.text("summary") ?? "",
            system: reader.text("system"),
            settings: reader.object("settings", GenerationSettings.init) ?? GenerationSettings())
        if let warning = reader.warnings.first { throw .notAPreset(path: path, found: warning.description) }
        guard Self.isName(name) else {
            throw .notAPreset(path: path, found: SessionError.badName(name).description)
        }
    }

    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.count) && !name.hasPrefix(".") && !name.hasPrefix(" ")
            && name.allSatisfy { $0.isLetter || $0.isNumber || " -_.".contains($0) } && name.utf8.count <= 200
    }
}
