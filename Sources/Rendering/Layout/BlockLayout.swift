import Markdown
import TUI

/// Lays out blocks as lines.
struct BlockLayout: Sendable {
    private let width: Int
    private let showsAddresses: Bool
    /// The role of ordinary text.
    private var role = StyleRole.text
    /// The number of enclosing lists.
    private var listDepth = 0
    /// The code block that the next piece may continue.
    private var code: CodeLayout?

    /// The width below which nothing more is indented.
    private static let minWidth = 8

    init(width: Int, showsAddresses: Bool) {
        self.width = max(2, width)
        self.showsAddresses = showsAddresses
    }

    /// Adds the lines of blocks, with a blank line between two blocks if the source has one.
    mutating func add(_ blocks: [Block], to lines: inout [StyledLine]) {
        for block in blocks {
            if block.followsBlankLine, !lines.isEmpty { lines.append(StyledLine()) }
            lines += self.lines(of: block.content)
        }
    }

    private mutating func lines(of content: Block.Content) -> [StyledLine] {
        if case .code(let block) = content {
            var layout = block.isContinuation ? code : nil
            let result: [StyledLine]
            if layout == nil {
                layout = CodeLayout(language: block.language, width: width)
            }
            result = layout?.lines(of: block) ?? []
            code = layout
            return result
        }
        code = nil
        switch content {
        case .paragraph(let inlines): return wrapped(inlines, role)
        case .heading(let level, let inlines):
            return wrapped(inlines, level == 1 ? .heading : level == 2 ? .heading2 : .heading3)
        case .code: return []
        case .quote(let blocks): return quote(blocks)
        case .item(let item): return itemLines(item)
        case .table(let table): return TableLayout(table, width: width, inlines: inlineLayout(.text)).lines
        case .formula(let tex): return formula(tex)
        case .html(let text): return Wrapping.wrap(text, role: .html, width: width)
        case .rule: return [StyledLine(String(repeating: "─", count: width), .rule)]
        }
    }

    private func inlineLayout(_ role: StyleRole) -> InlineLayout {
        InlineLayout(role: role, showsAddresses: showsAddresses)
    }

    private func wrapped(_ inlines: [Inline], _ role: StyleRole) -> [StyledLine] {
        inlineLayout(role).lines(of: inlines).flatMap { Wrapping.wrap($0, width: width) }
    }

    private func formula(_ tex: String) -> [StyledLine] {
        if let lines = Formula.display(tex, width: width - 2) { return lines.map { StyledLine("  " + $0, .formula) } }
        return Wrapping.wrap(Formula.line(tex), role: .formula, width: width)
    }

    // MARK: Blocks within blocks

    private func inner(width: Int) -> BlockLayout {
        var layout = BlockLayout(width: width, showsAddresses: showsAddresses)
        layout.role = role
        layout.listDepth = listDepth
        return layout
    }

    private func quote(_ blocks: [Block]) -> [StyledLine] {
        let hasRoom = width - 2 >= Self.minWidth
        var inside = inner(width: hasRoom ? width - 2 : width)
        inside.role = .quote
        var lines: [StyledLine] = []
        inside.add(blocks, to: &lines)
        return hasRoom ? lines.map { $0.prefixed("│ ", .quoteBar) } : lines
    }

    private static let bullets = ["•", "◦", "▪"]

    private func itemLines(_ item: ListItem) -> [StyledLine] {
        let (marker, role): (String, StyleRole) =
            switch item.marker {
            case .bullet: (Self.bullets[listDepth % Self.bullets.count], .listMarker)
            case .number(let number, let delimiter): ("\(number)\(delimiter)", .listMarker)
            case .task(isDone: true): ("☑", .taskDone)
            case .task(isDone: false): ("☐", .listMarker)
            }
        let indent = marker.count + 1
        let hasRoom = width - indent >= Self.minWidth
        var inside = inner(width: hasRoom ? width - indent : width)
        inside.listDepth += 1
        var lines: [StyledLine] = []
        inside.add(item.blocks, to: &lines)
        guard hasRoom else { return Wrapping.wrap(StyledLine(marker, role), width: width) + lines }
        if lines.isEmpty { lines = [StyledLine()] }
        let blanks = String(repeating: " ", count: indent)
        return lines.enumerated().map { number, line in
            if number == 0 { return line.prefixed(" ", .text).prefixed(marker, role) }
            return line.spans.isEmpty ? line : line.prefixed(blanks, .text)
        }
    }
}

extension StyledLine {
    func prefixed(_ text: String, _ role: StyleRole) -> StyledLine {
        var line = StyledLine(text, role)
        for span in spans { line.append(span.text, span.role, link: span.link) }
        return line
    }
}

extension Wrapping {
    /// Wraps text of a single role, line by line.
    static func wrap(_ text: String, role: StyleRole, width: Int) -> [StyledLine] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { wrap(StyledLine(String($0), role), width: width) }
    }
}
