/// How every role looks. Comes from a JSON file (`ThemeFile`), or is the built-in one that needs no file.
public struct Theme: Sendable, Equatable {
    public let name: String
    /// What is wrong in its file and in those that it inherits from, one line each, with the file and the line in it.
    public let problems: [String]
    let source: ThemeSource
    /// The ground that everything stands on.
    private let ground: Color
    private let looks: [StyleRole: Look]
    /// Whether attributes tell the places of the scale of probabilities.
    private let hasPlainScale: Bool

    /// What a role and its fallbacks say. The ground comes from the surface where none of them names one.
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
        ground = source.color(source.styles[.text]?.background) ?? .standard
        hasPlainScale = Self.plainScale.allSatisfy { source.styles[$0.key]?.attributes == $0.value.attributes }
        looks = Dictionary(uniqueKeysWithValues: StyleRole.allCases.map { ($0, Look($0, source)) })
    }

    /// The terminal's own colours and a few attributes: used when no theme file is found, and good on any terminal.
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
            ].merging(plainScale) { own, _ in own }))

    /// The style of a role as it stands on a surface (`.text` for the page, `.panel` for a panel): unless the role has
    /// a background of its own it takes the surface's, and it is reversed where the surface is. What would be hard to
    /// read on what is selected takes its colour.
    public func style(_ role: StyleRole, on surface: StyleRole = .text) -> Style {
        let look = looks[role], under = looks[surface]
        var style = Style(
            foreground: look?.foreground ?? .standard,
            background: look?.background ?? under?.background ?? ground,
            attributes: (look?.attributes ?? []).union((under?.attributes ?? []).intersection(.reverse)))
        if surface == .selected, look?.background == nil, let under,
            let contrast = style.foreground.contrast(to: style.background), contrast < Self.readable
        {
            style.foreground = under.foreground
        }
        return style
    }

    /// The least contrast of text to read, as WCAG 2 asks for.
    private static let readable = 4.5

    /// The same in the colour of another role, on its own ground. Where attributes tell what that colour would, the
    /// role's own give way to them.
    public func style(_ role: StyleRole, tint: StyleRole?, on surface: StyleRole = .text) -> Style {
        var style = style(role, on: surface)
        guard let tint else { return style }
        let scale = self.style(tint, on: surface)
        style.foreground = scale.foreground
        if hasPlainScale { style.attributes.formIntersection([.italic, .strikethrough, .reverse]) }
        style.attributes.formUnion(scale.attributes)
        return style
    }

    /// The theme for a terminal that shows fewer colours: what is selected is still seen where its ground has become
    /// the panel's, and so are the places of a scale whose colours have become one.
    public func adapted(to depth: ColorDepth) -> Theme {
        let selected = style(.selected, on: .panel)
        var source = source
        if !selected.attributes.contains(.reverse),
            depth.nearest(selected.background) == depth.nearest(style(.panel, on: .panel).background)
        {
            source.styles[.selected, default: .init()].attributes = selected.attributes.union(.reverse)
        }
        if depth <= .ansi16 {
            for (role, plain) in Self.plainScale { source.styles[role, default: .init()].attributes = plain.attributes }
        }
        return source == self.source ? self : Theme(name: name, source: source, problems: problems)
    }

    /// The scale of probabilities where colours alone do not tell its places apart.
    private static let plainScale: [StyleRole: ThemeSource.Definition] = [
        .tokenSure: .init(attributes: .dim), .tokenLikely: .init(attributes: []), .tokenOpen: .init(attributes: .bold),
        .tokenUnlikely: .init(attributes: .underline), .tokenRare: .init(attributes: [.bold, .underline]),
    ]
}

/// What a theme file says, its parents' words included, before names of colours are looked up: so a theme that only
/// gives its parent's colours other values changes everything that wears them.
struct ThemeSource: Sendable, Equatable {
    var palette: [String: Color] = [:]
    var styles: [StyleRole: Definition] = [:]

    /// The parts of a style that are named; the others come from the role's fallback.
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
