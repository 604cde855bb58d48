import Chat
import JSON

extension Preset {
    private static let format = "sotto.preset"
    /// The version of the format that this program writes.
    private static let formatVersion = 1

    /// The content of a preset's file.
    public var json: JSONValue {
        var fields: JSONObject = [
            "format": .string(Self.format), "version": .integer(Self.formatVersion), "name": .string(name),
            "summary": .string(summary), "system": .text(system), "settings": .object(settings.json),
        ]
        fields.add(unknownFields)
        return .object(fields)
    }

    /// Reads a preset. Every field that this version knows must be valid.
    ///
    /// - Parameter path: of the file, for the error.
    init(_ json: JSONValue, path: String) throws(SessionError) {
        guard let fields = json.object, fields["format"]?.string == Self.format else {
            throw .notAPreset(path: path, found: "its \"format\" must be \"\(Self.format)\"")
        }
        if let version = fields["version"]?.integer, version > Self.formatVersion {
            throw .notAPreset(path: path, found: "a newer version of Sotto wrote it (format \(version))")
        }
        var reader = FieldReader(fields)
        self.init(&reader)
        if let warning = reader.warnings.first { throw .notAPreset(path: path, found: warning.description) }
        guard Self.isValidName(name) else {
            throw .notAPreset(path: path, found: SessionError.badPresetName(name).description)
        }
    }

    private init(_ reader: inout FieldReader) {
        for name in ["format", "version"] { _ = reader.value(name) }
        self.init(
            name: reader.required("name", "a string", fallback: "", \.string), summary: reader.string("summary") ?? "",
            system: reader.string("system"),
            settings: reader.object("settings", GenerationSettings.init) ?? GenerationSettings())
        unknownFields = reader.unknownFields
    }

    /// The fields of a preset's file that this version does not know, whether or not the others are valid.
    static func unknownFields(in json: JSONValue) -> OpaqueFields? {
        guard let fields = json.object else { return nil }
        var reader = FieldReader(fields)
        return Preset(&reader).unknownFields
    }
}
