import Files
import JSON

/// Choices that are remembered for the next start. If their file is missing or damaged, all have their defaults.
public struct Preferences: Equatable, Sendable {
    public var theme: String?
    /// The name of the model that was chosen last.
    public var model: String?
    /// The id of the session that was changed last.
    public var session: String?
    /// Whether the program receives mouse events; nil if the user has not chosen.
    public var mouse: Bool?
    /// Fields that this version does not know.
    private var others: JSONObject = [:]

    private static let sizeLimit = 1 << 20

    public init() {}

    public static func load(from home: SottoHome) -> Preferences { read(home.preferences) ?? Preferences() }

    /// Changes what is in the file now, and writes it if that makes a difference.
    ///
    /// - Returns: the new path of a file that could not be read and was kept; usually nil.
    public static func update(
        in home: SottoHome, _ change: (inout Preferences) -> Void
    ) throws(SessionError) -> String? {
        let path = home.preferences
        let old = read(path)
        var new = old ?? Preferences()
        change(&new)
        guard new != old ?? Preferences() else { return nil }
        var damaged: String?
        // The user may have made a mistake in it and want to correct that.
        if old == nil, FileAccess.exists(path) {
            let target = try FileAccess.destination(of: path)
            let name = SessionFiles.name(for: target, "damaged")
            try FileAccess.move(target, to: name)
            damaged = name
        }
        try FileAccess.replace(path, with: Array(JSONWriter.pretty(.object(new.fields)).utf8))
        return damaged
    }

    // MARK: Coding

    /// nil if there is no such file or it is damaged.
    private static func read(_ path: String) -> Preferences? {
        guard let bytes = try? FileAccess.read(path, limit: sizeLimit),
            let fields = (try? JSONReader.read(bytes))?.object
        else { return nil }
        var preferences = Preferences()
        preferences.theme = fields["theme"]?.string
        preferences.model = fields["model"]?.string
        preferences.session = fields["session"]?.string
        preferences.mouse = fields["mouse"]?.bool
        preferences.others = fields
        for name in known { preferences.others[name] = nil }
        return preferences
    }

    private static let known = ["theme", "model", "session", "mouse"]

    private var fields: JSONObject {
        var fields = others
        fields["theme"] = theme.map { .string($0) }
        fields["model"] = model.map { .string($0) }
        fields["session"] = session.map { .string($0) }
        fields["mouse"] = mouse.map { .bool($0) }
        return fields
    }
}
