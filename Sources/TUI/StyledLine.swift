/// One line of text whose parts have different roles.
public struct StyledLine: Hashable, Sendable {
    public struct Span: Hashable, Sendable {
        public var text: String
        public var role: StyleRole

        public init(_ text: String, _ role: StyleRole) {
            self.text = text
            self.role = role
        }
    }

    public var spans: [Span]

    public init(_ spans: [Span] = []) { self.spans = spans }
    public init(_ text: String, _ role: StyleRole = .text) { spans = text.isEmpty ? [] : [Span(text, role)] }

    public var text: String { spans.map(\.text).joined() }
    public var width: Int { spans.reduce(0) { $0 + DisplayWidth.of(Sanitizer.visible($1.text)) } }

    /// Adds text at the end, joining the last span where the role is the same.
    public mutating func append(_ text: String, _ role: StyleRole) {
        if text.isEmpty { return }
        if let last = spans.indices.last, spans[last].role == role {
            spans[last].text += text
        } else {
            spans.append(Span(text, role))
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
            write(span.text, at: Point(x: x, y: point.y), style: theme.style(span.role, on: surface), clip: clip)
        }
    }
}
