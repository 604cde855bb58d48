/// The look of every role, from a JSON file (`ThemeFile`) or built in.
public struct Theme: Sendable, Equatable {
    public let name: String
    /// The problems in its file and the files it inherits from, one line each, with file and line number.
    public let problems: [String]
    let source: ThemeSource
    /// The background of the screen.
    private let background: Color
    private let looks: [StyleRole: Look]
    /// Whether probabilities are marked by attributes instead of colours.
    private let usesAttributeScale: Bool

    /// The look of a role after applying its fallbacks. Without a background it takes the surface's.
    private struct Look: Sendable, Equatable {
        var foreground: Color
        var background: Color?
        var attributes: Style.Attributes

        init(_ role: StyleRole, _ source: ThemeSource) {
            var chain: [ThemeSource.Definition] = []
            var next: StyleRole? = role
            while let current = next {
                if let definition = source.styles[current] { chain.append(definition) }
                next = current.fallback
            }
            foreground = chain.lazy.compactMap { source.color($0.foreground) }.first ?? .standard
            attributes = chain.lazy.compactMap(\.attributes).first ?? []
            if source.styles[.text] != nil { chain.removeLast() }
            background = chain.lazy.compactMap { source.color($0.background) }.first
        }
    }

    init(name: String, source: ThemeSource, problems: [String] = []) {
        self.name = name
        self.problems = problems
        self.source = source
        background = source.color(source.styles[.text]?.background) ?? .standard
        usesAttributeScale = Self.attributeScale.allSatisfy { source.styles[$0.key]?.attributes == $0.value.attributes }
        looks = Dictionary(uniqueKeysWithValues: StyleRole.allCases.map { ($0, Look($0, source)) })
    }

    /// The terminal's own colours and a few attributes: the fallback when no theme file is found. Works on any
    /// terminal.
    public static let minimal = Theme(
        name: "minimal",
        source: ThemeSource(
            styles: [
                .muted: .init(attributes: .dim),
                .accent: .init(attributes: .bold),
                .success: .init(attributes: .bold),
                .warning: .init(attributes: .bold),
                .error: .init(attributes: [.bold, .reverse]),
                .heading: .init(attributes: [.bold, .underline]),
                .strong: .init(attributes: .bold),
                .emphasis: .init(attributes: .italic),
                .strongEmphasis: .init(attributes: [.bold, .italic]),
                .strike: .init(attributes: .strikethrough),
                .syntaxKeyword: .init(attributes: .bold),
                .syntaxComment: .init(attributes: .dim),
                .diffInserted: .init(attributes: .bold),
                .diffDeleted: .init(attributes: .dim),
                .link: .init(attributes: .underline),
                .selected: .init(attributes: .reverse),
                .match: .init(attributes: .underline),
            ].merging(attributeScale) { own, _ in own }))

    /// The style of a role on a surface (`.text` for the page, `.panel` for a panel). Without a background of its own
    /// it takes the surface's, and it is reversed if the surface is. On the selection, text that would be hard to read
    /// takes the selection's colour.
    public func style(_ role: StyleRole, on surface: StyleRole = .text) -> Style {
        let look = looks[role], under = looks[surface]
        var style = Style(
            foreground: look?.foreground ?? .standard,
            background: look?.background ?? under?.background ?? self.background,
            attributes: (look?.attributes ?? []).union((under?.attributes ?? []).intersection(.reverse)))
        if surface == .selected, look?.background == nil, let under,
            let contrast = style.foreground.contrast(to: style.background), contrast < Self.readableContrast
        {
            style.foreground = under.foreground
        }
        return style
    }

    /// The minimum contrast of readable text in WCAG 2.
    private static let readableContrast = 4.5

    /// The same style in the colour of another role, on its own background. If the other role is marked by attributes
    /// instead, they replace the role's own.
    public func style(_ role: StyleRole, tint: StyleRole?, on surface: StyleRole = .text) -> Style {
        var style = style(role, on: surface)
        guard let tint else { return style }
        let scale = self.style(tint, on: surface)
        style.foreground = scale.foreground
        if usesAttributeScale { style.attributes.formIntersection([.italic, .strikethrough, .reverse]) }
        style.attributes.formUnion(scale.attributes)
        return style
    }

    /// The theme for a terminal with fewer colours: uses attributes where the selection would look like the panel, or
    /// probabilities like each other.
    public func adapted(to depth: ColorDepth) -> Theme {
        let selected = style(.selected, on: .panel)
        var source = source
        if !selected.attributes.contains(.reverse),
            depth.nearest(selected.background) == depth.nearest(style(.panel, on: .panel).background)
        {
            source.styles[.selected, default: .init()].attributes = selected.attributes.union(.reverse)
        }
        if depth <= .ansi16 {
            for (role, definition) in Self.attributeScale {
                source.styles[role, default: .init()].attributes = definition.attributes
            }
        }
        return source == self.source ? self : Theme(name: name, source: source, problems: problems)
    }

    /// Attributes for probabilities where colours cannot tell them apart.
    private static let attributeScale: [StyleRole: ThemeSource.Definition] = [
        .tokenSure: .init(attributes: .dim), .tokenLikely: .init(attributes: []), .tokenOpen: .init(attributes: .bold),
        .tokenUnlikely: .init(attributes: .underline), .tokenRare: .init(attributes: [.bold, .underline]),
    ]
}

/// The contents of a theme file, merged with its parents, before colour names are resolved. So a theme that only
/// redefines its parent's colours changes every style that uses them.
struct ThemeSource: Sendable, Equatable {
    var palette: [String: Color] = [:]
    var styles: [StyleRole: Definition] = [:]

    /// The specified parts of a style; the others come from the role's fallback.
    struct Definition: Sendable, Equatable {
        var foreground: ColorName?
        var background: ColorName?
        var attributes: Style.Attributes?
    }

    enum ColorName: Sendable, Equatable {
        case color(Color)
        /// An entry of the palette.
        case named(String)
    }

    func color(_ name: ColorName?) -> Color? {
        switch name {
        case .color(let color): color
        case .named(let name): palette[name]
        case nil: nil
        }
    }
}
