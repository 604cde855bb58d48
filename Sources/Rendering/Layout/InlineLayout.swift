import Markdown
import TUI

/// The text of a paragraph, heading or cell as lines, before wrapping.
struct InlineLayout: Sendable {
    let role: StyleRole
    let showsAddresses: Bool

    func lines(of inlines: [Inline]) -> [StyledLine] {
        var lines = [StyledLine()]
        add(inlines, role, link: nil, to: &lines)
        return lines
    }

    private func add(_ inlines: [Inline], _ role: StyleRole, link: Hyperlink?, to lines: inout [StyledLine]) {
        for inline in inlines {
            func append(_ text: String, _ role: StyleRole) {
                lines[lines.count - 1].append(text.replacingLineEnds, role, link: link)
            }
            switch inline {
            case .text(let text): append(text, role)
            case .code(let text): append(text, .code)
            case .emphasis(let content): add(content, role.emphasised, link: link, to: &lines)
            case .strong(let content): add(content, role.strengthened, link: link, to: &lines)
            case .strike(let content): add(content, .strike, link: link, to: &lines)
            case .formula(let tex): append(Formula.line(tex), .formula)
            case .html(let tag): append(tag, .html)
            case .lineBreak: lines.append(StyledLine())
            case .link(let destination, let content): addLink(destination, content, to: &lines)
            case .image(let destination, let content):
                addLink(
                    destination, [.text("[image"), .text(content.isEmpty ? "" : ": ")] + content + [.text("]")],
                    to: &lines)
            }
        }
    }

    /// Adds the link's text, followed by its address if the terminal cannot follow the link and the text does not show
    /// it.
    private func addLink(_ destination: String, _ content: [Inline], to lines: inout [StyledLine]) {
        let link = Hyperlink(destination)
        let start = lines.count - 1
        let before = lines[start].text
        add(content.isEmpty ? [.text(destination)] : content, .link, link: link, to: &lines)
        guard showsAddresses || link == nil, !destination.isEmpty, destination.first != "#" else { return }
        let shown = lines[start...].map(\.text).joined(separator: " ").dropFirst(before.count)
        if ["", "https://", "http://", "mailto:"].contains(where: { $0 + shown == destination }) { return }
        lines[lines.count - 1].append(" (\(destination.replacingLineEnds))", .linkAddress)
    }
}

extension StyleRole {
    fileprivate var emphasised: StyleRole {
        switch self {
        case .text, .quote: .emphasis
        case .strong: .strongEmphasis
        default: self
        }
    }

    fileprivate var strengthened: StyleRole {
        switch self {
        case .text, .quote: .strong
        case .emphasis: .strongEmphasis
        default: self
        }
    }
}

extension String {
    fileprivate var replacingLineEnds: String {
        utf8.contains(UInt8(ascii: "\n")) ? String(map { $0.isNewline ? " " : $0 }) : self
    }
}
