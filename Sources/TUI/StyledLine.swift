/// A line of text whose parts have different roles.
public struct StyledLine: Hashable, Sendable {
    public struct Span: Hashable, Sendable {
        public var text: String
        public var role: StyleRole
        /// The link target, for terminals that can follow it.
        public var link: Hyperlink?
        /// A role whose colour replaces its own.
        public var tint: StyleRole?

        public init(_ text: String, _ role: StyleRole, link: Hyperlink? = nil, tint: StyleRole? = nil) {
            self.text = text
            self.role = role
            self.link = link
            self.tint = tint
        }
    }

    public var spans: [Span]

    public init(_ spans: [Span] = []) { self.spans = spans }
    public init(_ text: String, _ role: StyleRole = .text) { spans = text.isEmpty ? [] : [Span(text, role)] }

    public var text: String { spans.map(\.text).joined() }
    public var width: Int { spans.reduce(0) { $0 + DisplayWidth.of(Sanitizer.visible($1.text)) } }

    /// Appends text, extending the last span if it looks the same.
    public mutating func append(_ text: String, _ role: StyleRole, link: Hyperlink? = nil, tint: StyleRole? = nil) {
        if text.isEmpty { return }
        if let last = spans.last, last.role == role, last.link == link, last.tint == tint {
            spans[spans.count - 1].text += text
        } else {
            spans.append(Span(text, role, link: link, tint: tint))
        }
    }
}

extension Surface {
    /// Writes a styled line at a point, in the colours of a theme on one of its surfaces.
    @discardableResult
    public mutating func write(
        _ line: StyledLine, at point: Point, theme: Theme, on surface: StyleRole = .text, clip: Rect? = nil
    ) -> Int {
        line.spans.reduce(point.x) { x, span in
            write(
                span.text, at: Point(x: x, y: point.y), style: theme.style(span.role, tint: span.tint, on: surface),
                link: span.link, clip: clip)
        }
    }
}
