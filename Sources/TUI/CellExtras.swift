/// Draws what ncurses cannot: hyperlinks (OSC 8), strike-through, and characters whose width differs between terminals.
/// Such cells are written after ncurses has drawn the others, each at its own position. Cursor and colours are restored
/// afterwards, so that ncurses need not know.
public struct CellExtras: Sendable {
    public let depth: ColorDepth
    public let hasLinks: Bool
    public let hasStrikethrough: Bool

    public init(depth: ColorDepth, hasLinks: Bool, hasStrikethrough: Bool) {
        self.depth = depth
        self.hasLinks = hasLinks
        self.hasStrikethrough = hasStrikethrough
    }

    /// Whether the terminal supports hyperlinks, according to its environment variables. `FORCE_HYPERLINK` overrides
    /// that. In a multiplexer the outer terminal is unknown.
    public static func followsLinks(environment: [String: String]) -> Bool {
        if let forced = environment["FORCE_HYPERLINK"], !forced.isEmpty { return forced != "0" }
        let term = environment["TERM"] ?? ""
        if environment["TMUX"]?.isEmpty == false || term.hasPrefix("screen") || term.hasPrefix("tmux") { return false }
        let programs = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "mintty", "Tabby", "WarpTerminal"]
        if programs.contains(environment["TERM_PROGRAM"] ?? "") { return true }
        if let vte = environment["VTE_VERSION"].flatMap({ Int($0) }), vte >= 5000 { return true }
        if ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].contains(where: { environment[$0]?.isEmpty == false }) {
            return true
        }
        return ["xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm", "contour"].contains(
            where: term.hasPrefix)
    }

    /// The bytes that draw the changes of a surface; empty if it has no such cells.
    /// - Parameters:
    ///   - shown: the previous surface; nil if the content of the screen is unknown.
    ///   - rows: the rows that have changed since.
    ///   - isDrawn: whether ncurses draws a cell; it leaves blanks for the others.
    public func bytes(for surface: Surface, over shown: Surface?, rows: [Int], isDrawn: (Cell) -> Bool) -> String {
        let before = shown.flatMap { $0.size == surface.size ? $0 : nil }
        var output = ""
        var hasUndrawn = false
        for y in rows {
            // The terminal's cursor column, and how far a cell of unreliable width may have reached.
            var column = -1, reached = 0
            var look: (style: Style, link: Hyperlink?)?
            for x in 0..<surface.size.width {
                let cell = surface[x, y]
                guard cell.width > 0 else { continue }
                let isUndrawn = !isDrawn(cell)
                // After such a cell, ncurses may see nothing to change.
                let hadExtra = before.map { isExtra($0[x, y]) || $0[x, y].width > 0 && !isDrawn($0[x, y]) } ?? false
                guard isUndrawn || x < reached || isExtra(cell) || hadExtra else { continue }
                var move: String { "\u{1B}[\(y + 1);\(x + 1)H" }
                if column != x { output += move }
                if look?.style != cell.style || look?.link != cell.link {
                    if look?.link != nil { output += Self.endOfLink }
                    output += sequence(of: cell.style)
                    if hasLinks, let link = cell.link { output += "\u{1B}]8;;\(link.address)\u{1B}\\" }
                    look = (cell.style, hasLinks ? cell.link : nil)
                }
                if isUndrawn {
                    // The old content may be wider than the new.
                    output += String(repeating: " ", count: Int(cell.width)) + move
                    reached = max(reached, x + cell.maxColumns)
                    hasUndrawn = true
                }
                output += cell.text
                column = isUndrawn ? -1 : x + Int(cell.width)
            }
            if look?.link != nil { output += Self.endOfLink }
        }
        if output.isEmpty { return "" }
        // Turn off automatic wrapping, in case the terminal finds a cell at the right edge too wide.
        return "\u{1B}7" + (hasUndrawn ? "\u{1B}[?7l\(output)\u{1B}[?7h" : output) + "\u{1B}8"
    }

    private static let endOfLink = "\u{1B}]8;;\u{1B}\\"

    private func isExtra(_ cell: Cell) -> Bool {
        hasLinks && cell.link != nil || hasStrikethrough && cell.style.attributes.contains(.strikethrough)
    }

    private static let codes: [(Style.Attributes, String)] = [
        (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"), (.strikethrough, "9"),
    ]

    private func sequence(of style: Style) -> String {
        let colors = depth.colors(of: style)
        let parts =
            ["0"] + Self.codes.filter { style.attributes.contains($0.0) }.map(\.1)
            + [Self.code(colors.foreground, base: 30), Self.code(colors.background, base: 40)].compactMap { $0 }
        return "\u{1B}[\(parts.joined(separator: ";"))m"
    }

    private static func code(_ color: ColorDepth.TerminalColor, base: Int) -> String? {
        switch color {
        case .standard: nil
        case .index(let index) where index < 8: "\(base + Int(index))"
        case .index(let index) where index < 16: "\(base + 52 + Int(index))"
        case .index(let index): "\(base + 8);5;\(index)"
        case .rgb(let red, let green, let blue): "\(base + 8);2;\(red);\(green);\(blue)"
        }
    }
}
