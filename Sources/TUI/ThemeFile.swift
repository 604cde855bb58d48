import JSON

/// A problem in a theme file. Everything else in the file still applies.
public struct ThemeWarning: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public var line: Int
    public var message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    init(_ error: JSONError) {
        self.init(line: error.line, message: "invalid JSON: expected \(error.expected)")
    }

    public var description: String { "line \(line): \(message)" }

    /// Why a theme cannot be inherited.
    enum InheritanceError: Error {
        case unknown(known: [String])
        case cycle

        func message(_ name: String) -> String {
            switch self {
            case .unknown(let known):
                "cannot inherit from unknown theme \"\(name)\""
                    + (known.isEmpty ? "" : ". Themes: \(known.joined(separator: ", "))")
            case .cycle: "cannot inherit from \"\(name)\", which inherits from this theme"
            }
        }
    }
}

/// Reads a theme from JSON:
///
///     { "name": "dusk", "inherits": "dark",
///       "palette": { "rose": "#e0a0b0" },
///       "styles": { "accent": "rose", "error": { "fg": "#ff5555", "bg": "default", "attributes": ["bold"] } } }
///
/// A colour is "#rrggbb", "#rgb", "default" or a name from the palette; a style that is only a colour sets the
/// foreground. Palette and styles of the inherited theme are included, and redefining a palette name changes the
/// inherited styles that use it.
struct ThemeFile {
    let name: String
    private let label: String
    /// nil if nothing could be read.
    private let root: JSONObject?
    private let syntaxWarnings: [ThemeWarning]
    /// Why the file could not be read.
    private let readError: String?

    init(_ file: ThemeLibrary.File) {
        label = file.label
        guard case .text(let text) = file.content else {
            (name, root, syntaxWarnings) = (file.name, nil, [])
            if case .unreadable(let reason) = file.content { readError = reason } else { readError = nil }
            return
        }
        readError = nil
        let (value, found) = JSONReader.readLeniently(text)
        let object = value.object.flatMap { $0.isEmpty && !found.isEmpty ? nil : $0 }
        root = object
        name = object?["name"]?.string ?? file.name
        let isOtherJSON = object == nil && found.isEmpty
        syntaxWarnings =
            isOtherJSON
            ? [ThemeWarning(line: 1, message: "a theme must be a JSON object with name, palette and styles")]
            : found.map(ThemeWarning.init)
    }

    /// The theme, and all problems in the file. If nothing in the file could be read, the theme of that name that it
    /// would have replaced is used instead.
    ///
    /// - Parameter parent: returns the inherited theme, or throws why it cannot be inherited.
    func read(
        parent: (String) throws(ThemeWarning.InheritanceError) -> Theme
    ) -> (theme: Theme, warnings: [ThemeWarning]) {
        guard let root else {
            let replaced = (try? parent(name)) ?? .minimal
            return theme(replaced.source, syntaxWarnings, inherited: replaced.problems)
        }
        var reader = Reader()
        var inheritedProblems: [String] = []
        for field in root where !["name", "inherits", "palette", "styles"].contains(field.name) {
            reader.warn(field, "unknown field \"\(field.name)\". Fields: name, inherits, palette, styles")
        }
        if let inherited = root.field("inherits") {
            do throws(ThemeWarning.InheritanceError) {
                guard let name = inherited.value.string else { throw .unknown(known: []) }
                let parent = try parent(name)
                reader.source = parent.source
                inheritedProblems = parent.problems
            } catch {
                reader.warn(inherited, error.message(inherited.value.shown))
            }
        }
        reader.readPalette(root.field("palette"))
        reader.readStyles(root.field("styles"))
        return theme(
            reader.source, (syntaxWarnings + reader.warnings).sorted { $0.line < $1.line }, inherited: inheritedProblems
        )
    }

    private func theme(
        _ source: ThemeSource, _ warnings: [ThemeWarning], inherited: [String]
    ) -> (theme: Theme, warnings: [ThemeWarning]) {
        let own = (readError.map { [$0] } ?? []) + warnings.map { "\(label), \($0)" }
        return (Theme(name: name, source: source, problems: (own + inherited).uniqued()), warnings)
    }
}

/// Reads the sections of the file and collects warnings with line numbers.
private struct Reader {
    var source = ThemeSource()
    var warnings: [ThemeWarning] = []

    mutating func readPalette(_ section: JSONObject.Field?) {
        for field in entries(section) {
            if let color = field.value.string.flatMap(Color.init) {
                source.palette[field.name] = color
            } else {
                let shown = field.value.shown
                warn(field, "palette colour \"\(field.name)\" must look like \"#7aa2f7\", not \"\(shown)\"")
            }
        }
    }

    mutating func readStyles(_ section: JSONObject.Field?) {
        for field in entries(section) {
            guard let role = StyleRole(rawValue: field.name) else {
                warn(field, "unknown style \"\(field.name)\"")
                continue
            }
            var style = ThemeSource.Definition()
            if let parts = field.value.object {
                for part in parts {
                    switch part.name {
                    case "fg": style.foreground = color(part, of: field.name)
                    case "bg": style.background = color(part, of: field.name)
                    case "attributes": style.attributes = attributes(part, of: field.name)
                    default:
                        warn(
                            part,
                            "unknown field \"\(part.name)\" in style \"\(field.name)\". Fields: fg, bg, attributes")
                    }
                }
            } else {
                style.foreground = color(field, of: field.name)
            }
            source.styles[role] = style
        }
    }

    private mutating func entries(_ section: JSONObject.Field?) -> JSONObject {
        guard let section else { return [:] }
        if let object = section.value.object { return object }
        warn(section, "\"\(section.name)\" must be an object")
        return [:]
    }

    private mutating func color(_ field: JSONObject.Field, of style: String) -> ThemeSource.ColorName? {
        if let name = field.value.string {
            if source.palette[name] != nil { return .named(name) }
            if let color = Color(name) { return .color(color) }
        }
        let unknown = "unknown colour \"\(field.value.shown)\" in style \"\(style)\""
        warn(field, "\(unknown). Use a name from the palette or a value like \"#7aa2f7\"")
        return nil
    }

    private mutating func attributes(_ field: JSONObject.Field, of style: String) -> Style.Attributes {
        var result: Style.Attributes = []
        for item in field.value.array ?? [field.value] {
            if let found = Style.Attributes.named.first(where: { $0.name == item.string }) {
                result.insert(found.attribute)
            } else {
                let known = Style.Attributes.named.map(\.name).joined(separator: ", ")
                warn(field, "unknown attribute \"\(item.shown)\" in style \"\(style)\". Attributes: \(known)")
            }
        }
        return result
    }

    /// Adds a warning for the line of the field's name.
    mutating func warn(_ field: JSONObject.Field, _ message: String) {
        warnings.append(ThemeWarning(line: field.line ?? 1, message: message))
    }
}

extension JSONValue {
    /// How a warning shows it.
    fileprivate var shown: String { string ?? JSONWriter.compact(self) }
}
