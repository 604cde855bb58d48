import Foundation

/// A mistake in a theme file. Whatever else the file says still applies.
public struct ThemeWarning: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public var line: Int
    public var message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    public var description: String { "line \(line): \(message)" }
}

/// Reads themes from JSON:
///
///     { "name": "dusk", "inherits": "dark",
///       "palette": { "rose": "#e0a0b0" },
///       "styles": { "accent": "rose", "error": { "fg": "#ff5555", "bg": "default", "attributes": ["bold"] } } }
///
/// A colour is "#rrggbb", "#rgb", "default" or a name from the palette; a style that is only a colour is its foreground.
public struct ThemeFile {
    public let theme: Theme
    public let warnings: [ThemeWarning]

    /// Reads one theme. `parent` finds the theme that it inherits; the palette is inherited with the styles resolved, so
    /// a name from the parent's palette must be given anew.
    /// - Throws: `ThemeWarning` when the text is no JSON object at all.
    public init(_ text: String, name fallbackName: String, parent: (String) -> Theme?) throws(ThemeWarning) {
        let root = try Self.object(text)
        var reader = Reader(lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        for key in root.keys.sorted() where !["name", "inherits", "palette", "styles"].contains(key) {
            reader.warn(key, in: nil, "unknown field \"\(key)\"; known are name, inherits, palette and styles")
        }
        let name = root["name"] as? String ?? fallbackName
        var styles: [StyleRole: Theme.PartialStyle] = [:]
        if let inherited = root["inherits"] {
            if let parent = (inherited as? String).flatMap(parent) {
                styles = parent.styles
            } else {
                reader.warn("inherits", in: nil, "there is no theme \"\(inherited)\" to inherit from")
            }
        }
        reader.readPalette(root["palette"])
        for (role, style) in reader.readStyles(root["styles"]) { styles[role] = style }
        theme = Theme(name: name, styles: styles)
        warnings = reader.warnings.sorted { $0.line < $1.line }
    }

    private static func object(_ text: String) throws(ThemeWarning) -> [String: Any] {
        do {
            if let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] { return root }
        } catch {
            throw ThemeWarning(line: line(of: error, in: text), message: "this is not valid JSON")
        }
        throw ThemeWarning(line: 1, message: "a theme is a JSON object with name, palette and styles")
    }

    /// Where the reader gave up. Foundation tells only in words: around a line, around a character, or at the end.
    private static func line(of error: any Error, in text: String) -> Int {
        let words = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
        if let match = words.firstMatch(of: /line (\d+)/), let line = Int(match.1) { return line }
        let offset = words.firstMatch(of: /character (\d+)/).flatMap { Int($0.1) } ?? text.utf8.count
        return text.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
    }
}

/// Walks the file's sections and notes mistakes with their line.
private struct Reader {
    let lines: [String]
    var palette: [String: Color] = [:]
    var warnings: [ThemeWarning] = []

    mutating func readPalette(_ section: Any?) {
        for (name, value) in entries(section, of: "palette") {
            if let color = (value as? String).flatMap(Color.init) {
                palette[name] = color
            } else {
                warn(name, in: "palette", "palette colour \"\(name)\" is \"\(value)\"; colours look like \"#7aa2f7\"")
            }
        }
    }

    mutating func readStyles(_ section: Any?) -> [StyleRole: Theme.PartialStyle] {
        var styles: [StyleRole: Theme.PartialStyle] = [:]
        for (name, value) in entries(section, of: "styles") {
            guard let role = StyleRole(rawValue: name) else {
                warn(name, in: "styles", "there is no style \"\(name)\"")
                continue
            }
            var style = Theme.PartialStyle()
            if let parts = value as? [String: Any] {
                style.foreground = parts["fg"].flatMap { color($0, of: name) }
                style.background = parts["bg"].flatMap { color($0, of: name) }
                style.attributes = parts["attributes"].map { attributes($0, of: name) }
                for key in parts.keys.sorted() where !["fg", "bg", "attributes"].contains(key) {
                    warn(name, in: "styles", "style \"\(name)\" has \"\(key)\"; a style has fg, bg and attributes")
                }
            } else {
                style.foreground = color(value, of: name)
            }
            styles[role] = style
        }
        return styles
    }

    private mutating func entries(_ section: Any?, of name: String) -> [(String, Any)] {
        guard let section else { return [] }
        guard let object = section as? [String: Any] else {
            warn(name, in: nil, "\"\(name)\" has to be an object")
            return []
        }
        return object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private mutating func color(_ value: Any, of style: String) -> Color? {
        let text = value as? String
        if let color = text.flatMap({ palette[$0] ?? Color($0) }) { return color }
        warn(
            style, in: "styles",
            "style \"\(style)\" asks for the colour \"\(value)\", which is neither in the palette nor like \"#7aa2f7\"")
        return nil
    }

    private mutating func attributes(_ value: Any, of style: String) -> Style.Attributes {
        var result: Style.Attributes = []
        for item in value as? [Any] ?? [value] {
            if let found = Style.Attributes.named.first(where: { $0.name == item as? String }) {
                result.insert(found.attribute)
            } else {
                let known = Style.Attributes.named.map(\.name).joined(separator: ", ")
                warn(style, in: "styles", "style \"\(style)\" has the attribute \"\(item)\"; known are \(known)")
            }
        }
        return result
    }

    /// Notes a mistake at the line where `key` stands, looking from the start of its section.
    mutating func warn(_ key: String, in section: String?, _ message: String) {
        let start = section.flatMap { name in lines.firstIndex { $0.contains("\"\(name)\"") } } ?? 0
        let line = lines[start...].firstIndex { $0.contains("\"\(key)\"") } ?? start
        warnings.append(ThemeWarning(line: line + 1, message: message))
    }
}
