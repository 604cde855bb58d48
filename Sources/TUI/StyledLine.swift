/// One line of text whose parts have different roles.
public struct StyledLine: Hashable, Sendable {
    public struct Span: Hashable, Sendable {
        public var text: String
        public var role: StyleRole
        /// Where the text leads, for terminals that can follow it.
        public var link: Hyperlink?

        public init(_ text: String, _ role: StyleRole, link: Hyperlink? = nil) {
            self.text = text
            self.role = role
            self.link = link
        }
    }

    public var spans: [Span]

    public init(_ spans: [Span] = []) { self.spans = spans }
    public init(_ text: String, _ role: StyleRole = .text) { spans = text.isEmpty ? [] : [Span(text, role)] }

    public var text: String { spans.map(\.text).joined() }
    public var width: Int { spans.reduce(0) { $0 + DisplayWidth.of(Sanitizer.visible($1.text)) } }

    /// Adds text at the end, joining the last span where role and link are the same.
    public mutating func append(_ text: String, _ role: StyleRole, link: Hyperlink? = nil) {
        if text.isEmpty { return }
        if let last = spans.indices.last, spans[last].role == role, spans[last].link == link {
            spans[last].text += text
        } else {
            spans.append(Span(text, role, link: link))
        }
    }
}

extension Surface {
    /// Writes a styled line from a point to the right, in a theme's colours on one of its surfaces.
    @discardableResult
    public mutating func write(
        _ line: StyledLine, at point: Point, theme: Theme, on surface: StyleRole = .text, clip: Rect? = nil
    ) -> Int {
        line.spans.reduce(point.x) { x, span in
            write(
                span.text, at: Point(x: x, y: point.y), style: theme.style(span.role, on: surface), link: span.link,
                clip: clip)
        }
    }
}
