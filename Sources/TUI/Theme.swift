/// How every role looks. Comes from a JSON file (`ThemeFile`), or is the built-in one that needs no file.
public struct Theme: Sendable, Equatable {
    public var name: String
    var styles: [StyleRole: PartialStyle]

    /// The parts of a style that a theme names; the others come from the role's fallback.
    struct PartialStyle: Sendable, Equatable {
        var foreground: Color?
        var background: Color?
        var attributes: Style.Attributes?
    }

    /// The terminal's own colours and a few attributes: used when no theme file is found, and good on any terminal.
    public static let minimal = Theme(
        name: "minimal",
        styles: [
            .muted: PartialStyle(attributes: .dim),
            .accent: PartialStyle(attributes: .bold),
            .success: PartialStyle(attributes: .bold),
            .warning: PartialStyle(attributes: .bold),
            .error: PartialStyle(attributes: [.bold, .reverse]),
            .heading: PartialStyle(attributes: [.bold, .underline]),
            .strong: PartialStyle(attributes: .bold),
            .emphasis: PartialStyle(attributes: .italic),
            .link: PartialStyle(attributes: .underline),
            .selected: PartialStyle(attributes: .reverse),
            .match: PartialStyle(attributes: .underline),
        ])

    /// The style of a role as it stands on a surface (`.text` for the page, `.panel` for a panel): unless the role has
    /// a background of its own it takes the surface's.
    public func style(_ role: StyleRole, on surface: StyleRole = .text) -> Style {
        var chain: [PartialStyle] = []
        var next: StyleRole? = role
        while let current = next, current != .text {
            if let style = styles[current] { chain.append(style) }
            next = current.fallback
        }
        let root = styles[.text]
        return Style(
            foreground: chain.lazy.compactMap(\.foreground).first ?? root?.foreground ?? .standard,
            background: chain.lazy.compactMap(\.background).first ?? styles[surface]?.background ?? root?.background
                ?? .standard,
            attributes: chain.lazy.compactMap(\.attributes).first ?? root?.attributes ?? [])
    }
}
