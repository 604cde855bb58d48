import JSON

/// A mistake in a theme file. Whatever else the file says still applies.
public struct ThemeWarning: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public var line: Int
    public var message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    init(_ mistake: JSONError) {
        self.init(line: mistake.line, message: "this is not valid JSON: expected \(mistake.expected)")
    }

    public var description: String { "line \(line): \(message)" }

    /// Why a theme that is to be inherited cannot be had.
    enum Inheritance: Error {
        case unknown(known: [String])
        case circle

        func message(_ name: String) -> String {
            switch self {
            case .unknown(let known):
                "there is no theme \"\(name)\" to inherit from"
                    + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
            case .circle: "the theme \"\(name)\" inherits from this one, so it cannot be inherited"
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
/// A colour is "#rrggbb", "#rgb", "default" or a name from the palette; a style that is only a colour is its
/// foreground. Palette and styles of the theme that is inherited are there too, and a name given anew changes the
/// inherited styles that use it.
struct ThemeFile {
    let name: String
    private let label: String
    /// nil where nothing can be read.
    private let root: JSONObject?
    private let mistakes: [ThemeWarning]
    /// Why there is no text.
    private let refusal: String?

    init(_ file: ThemeLibrary.File) {
        label = file.label
        guard case .text(let text) = file.content else {
            (name, root, mistakes) = (file.name, nil, [])
            if case .unreadable(let reason) = file.content { refusal = reason } else { refusal = nil }
            return
        }
        refusal = nil
        let (value, found) = JSONReader.readLeniently(text)
        let object = value.object.flatMap { $0.isEmpty && !found.isEmpty ? nil : $0 }
        root = object
        name = object?["name"]?.string ?? file.name
        let isOther = object == nil && found.isEmpty
        mistakes =
            isOther
            ? [ThemeWarning(line: 1, message: "a theme is a JSON object with name, palette and styles")]
            : found.map(ThemeWarning.init)
    }

    /// The theme, and every mistake in the file; whatever else it says applies. A file in which nothing can be read stands
    /// for the theme of its name that it would have replaced.
    ///
    /// - Parameter parent: finds the theme that is inherited, or says why it cannot be had.
    func read(
        parent: (String) throws(ThemeWarning.Inheritance) -> Theme
    ) -> (theme: Theme, warnings: [ThemeWarning]) {
        guard let root else {
            let replaced = (try? parent(name)) ?? .minimal
            return theme(replaced.source, mistakes, inherited: replaced.problems)
        }
        var reader = Reader()
        var inheritedProblems: [String] = []
        for field in root where !["name", "inherits", "palette", "styles"].contains(field.name) {
            reader.warn(field, "unknown field \"\(field.name)\"; known are name, inherits, palette and styles")
        }
        if let inherited = root.field("inherits") {
            do throws(ThemeWarning.Inheritance) {
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
            reader.source, (mistakes + reader.warnings).sorted { $0.line < $1.line }, inherited: inheritedProblems)
    }

    private func theme(
        _ source: ThemeSource, _ warnings: [ThemeWarning], inherited: [String]
    ) -> (theme: Theme, warnings: [ThemeWarning]) {
        let own = (refusal.map { [$0] } ?? []) + warnings.map { "\(label), \($0)" }
        return (Theme(name: name, source: source, problems: (own + inherited).uniqued()), warnings)
    }
}

/// Walks the file's sections and notes mistakes with their line.
private struct Reader {
    var source = ThemeSource()
    var warnings: [ThemeWarning] = []

    mutating func readPalette(_ section: JSONObject.Field?) {
        for field in entries(section) {
            if let color = field.value.string.flatMap(Color.init) {
                source.palette[field.name] = color
            } else {
                let shown = field.value.shown
                warn(field, "palette colour \"\(field.name)\" is \"\(shown)\"; colours look like \"#7aa2f7\"")
            }
        }
    }

    mutating func readStyles(_ section: JSONObject.Field?) {
        for field in entries(section) {
            guard let role = StyleRole(rawValue: field.name) else {
                warn(field, "there is no style \"\(field.name)\"")
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
                        warn(part, "style \"\(field.name)\" has \"\(part.name)\"; a style has fg, bg and attributes")
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
        warn(section, "\"\(section.name)\" has to be an object")
        return [:]
    }

    private mutating func color(_ field: JSONObject.Field, of style: String) -> ThemeSource.ColorName? {
        if let name = field.value.string {
            if source.palette[name] != nil { return .named(name) }
            if let color = Color(name) { return .color(color) }
        }
        let asked = "style \"\(style)\" asks for the colour \"\(field.value.shown)\""
        warn(field, "\(asked), which is neither in the palette nor like \"#7aa2f7\"")
        return nil
    }

    private mutating func attributes(_ field: JSONObject.Field, of style: String) -> Style.Attributes {
        var result: Style.Attributes = []
        for item in field.value.array ?? [field.value] {
            if let found = Style.Attributes.named.first(where: { $0.name == item.string }) {
                result.insert(found.attribute)
            } else {
                let known = Style.Attributes.named.map(\.name).joined(separator: ", ")
                warn(field, "style \"\(style)\" has the attribute \"\(item.shown)\"; known are \(known)")
            }
        }
        return result
    }

    /// Notes a mistake at the line where the field's name stands.
    mutating func warn(_ field: JSONObject.Field, _ message: String) {
        warnings.append(ThemeWarning(line: field.line ?? 1, message: message))
    }
}

extension JSONValue {
    /// As a warning shows it.
    fileprivate var shown: String { string ?? JSONWriter.compact(self) }
}
