import CMarkGFM

/// Converts the parser's tree to blocks. What is nested too deeply becomes plain text.
struct BlockReader {
    static let maxBlockDepth = 16
    static let maxInlineDepth = 12

    let mask: MaskedSource
    /// Whether each line of the masked text is blank, ignoring quote markers.
    private let blankLines: [Bool]
    /// Lines that precede the masked text in the parser's input.
    private let skippedLines: Int

    init(_ mask: MaskedSource, skippedLines: Int) {
        self.mask = mask
        self.skippedLines = skippedLines
        blankLines = mask.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: ">") }
        }
    }

    func isAfterBlank(_ node: CMarkNode) -> Bool {
        let line = node.startLine - skippedLines
        return line > 0 && line <= blankLines.count && blankLines[line - 1]
    }

    private func blocks(under node: CMarkNode, depth: Int) -> [Block] {
        node.children.enumerated().flatMap { index, child in
            blocks(of: child, depth: depth, followsBlankLine: index > 0 && isAfterBlank(child))
        }
    }

    /// The blocks of a node: a list becomes its items; a paragraph is split at displayed formulas.
    func blocks(of node: CMarkNode, depth: Int, followsBlankLine: Bool) -> [Block] {
        if depth > Self.maxBlockDepth {
            return [Block(.paragraph(lines(node.flatText)), followsBlankLine: followsBlankLine)]
        }
        switch node.kind {
        case .paragraph: return paragraph(node, followsBlankLine: followsBlankLine)
        case .heading:
            let level = min(6, max(1, Int(cmark_node_get_heading_level(node.pointer))))
            return [Block(.heading(level, inlines(under: node)), followsBlankLine: followsBlankLine)]
        case .codeBlock: return [Block(.code(code(node)), followsBlankLine: followsBlankLine)]
        case .htmlBlock:
            return [Block(.html(mask.restored(node.literal).droppingLastLineEnd), followsBlankLine: followsBlankLine)]
        case .quote: return [Block(.quote(blocks(under: node, depth: depth + 1)), followsBlankLine: followsBlankLine)]
        case .list: return items(of: node, depth: depth, followsBlankLine: followsBlankLine)
        case .table: return [Block(.table(table(node)), followsBlankLine: followsBlankLine)]
        case .rule: return [Block(.rule, followsBlankLine: followsBlankLine)]
        default: return []
        }
    }

    private func items(of list: CMarkNode, depth: Int, followsBlankLine: Bool) -> [Block] {
        list.children.enumerated().map { index, item in
            Block(
                .item(self.item(item, of: list, index: index, depth: depth)),
                followsBlankLine: index == 0 ? followsBlankLine : isAfterBlank(item))
        }
    }

    /// - Parameter firstNumber: the number of the list's first item, if the list started in an earlier window.
    func item(_ item: CMarkNode, of list: CMarkNode, index: Int, depth: Int, firstNumber: Int? = nil) -> ListItem {
        let marker: ListItem.Marker
        if item.kind == .task {
            marker = .task(isDone: cmark_gfm_extensions_get_tasklist_item_checked(item.pointer))
        } else if cmark_node_get_list_type(list.pointer) == CMARK_ORDERED_LIST {
            let first = firstNumber ?? Int(cmark_node_get_list_start(list.pointer))
            let delimiter: Character = cmark_node_get_list_delim(list.pointer) == CMARK_PAREN_DELIM ? ")" : "."
            marker = .number(first + index, delimiter: delimiter)
        } else {
            marker = .bullet
        }
        return ListItem(marker: marker, blocks: blocks(under: item, depth: depth + 1))
    }

    private func code(_ node: CMarkNode) -> CodeBlock {
        CodeBlock(
            language: CodeBlock.language(ofInfo: node.fenceInfo), text: mask.restored(node.literal).droppingLastLineEnd)
    }

    private func table(_ node: CMarkNode) -> Table {
        let count = Int(cmark_gfm_extensions_get_table_columns(node.pointer))
        let marks = cmark_gfm_extensions_get_table_alignments(node.pointer)
        let alignments = (0..<count).map { column -> Table.Alignment in
            switch marks?[column] {
            case UInt8(ascii: "c"): .center
            case UInt8(ascii: "r"): .right
            default: .left
            }
        }
        var header: [Table.Cell] = []
        var rows: [[Table.Cell]] = []
        for row in node.children {
            var cells = row.children.prefix(count).map { inlines(under: $0).map(\.breakingAtTags) }
            cells += Array(repeating: [], count: count - cells.count)
            if row.kind == .tableHeader { header = cells } else { rows.append(cells) }
        }
        return Table(alignments: alignments, header: header, rows: rows)
    }

    // MARK: Inlines

    private func paragraph(_ node: CMarkNode, followsBlankLine: Bool) -> [Block] {
        var blocks: [Block] = []
        var pending: [Inline] = []
        func flush() {
            if pending.first == .lineBreak { pending.removeFirst() }
            if pending.last == .lineBreak { pending.removeLast() }
            if !pending.isEmpty { blocks.append(Block(.paragraph(pending))) }
            pending = []
        }
        for child in node.children {
            guard child.kind == .text else {
                pending += inline(child, depth: 0)
                continue
            }
            for piece in mask.pieces(child.literal) {
                if case .formula(let formula) = piece, formula.isDisplayed {
                    flush()
                    blocks.append(Block(.formula(formula.tex)))
                } else {
                    pending += inline(piece)
                }
            }
        }
        flush()
        if !blocks.isEmpty { blocks[0].followsBlankLine = followsBlankLine }
        return blocks
    }

    private func inlines(under node: CMarkNode, depth: Int = 0) -> [Inline] {
        node.children.flatMap { inline($0, depth: depth) }
    }

    private func inline(_ node: CMarkNode, depth: Int) -> [Inline] {
        if depth > Self.maxInlineDepth { return lines(node.flatText) }
        switch node.kind {
        case .text: return mask.pieces(node.literal).flatMap(inline)
        case .code: return [.code(mask.restored(node.literal))]
        case .emphasis: return [.emphasis(inlines(under: node, depth: depth + 1))]
        case .strong: return [.strong(inlines(under: node, depth: depth + 1))]
        case .strike: return [.strike(inlines(under: node, depth: depth + 1))]
        case .link:
            // Links cannot be nested: an inner link becomes text.
            let content = inlines(under: node, depth: depth + 1).map { $0.withoutLink }
            return [.link(destination: mask.restored(node.destination), content)]
        case .image:
            let content = inlines(under: node, depth: depth + 1).map { $0.withoutLink }
            return [.image(destination: mask.restored(node.destination), content)]
        case .html: return [.html(mask.restored(node.literal))]
        // Models break lines where a line is meant to end.
        case .softBreak, .lineBreak: return [.lineBreak]
        default: return lines(node.flatText)
        }
    }

    private func inline(_ piece: MaskedSource.Piece) -> [Inline] {
        switch piece {
        case .text(let text): Autolinks.split(text)
        case .formula(let formula): [.formula(formula.tex)]
        }
    }

    private func lines(_ text: String) -> [Inline] { Inline.lines(mask.restored(text)) }
}

extension Inline {
    /// Plain text, line by line.
    static func lines(_ text: String) -> [Inline] {
        let lines = text.split(separator: "\n")
        return Array(lines.map { [Inline.text(String($0))] }.joined(separator: [.lineBreak]))
    }

    /// In a table cell, `<br>` is the only way to break a line. In prose it is text, since a chat shows what was said.
    fileprivate var breakingAtTags: Inline {
        switch self {
        case .html(let tag): Self.isBreak(tag) ? .lineBreak : self
        case .emphasis(let content): .emphasis(content.map(\.breakingAtTags))
        case .strong(let content): .strong(content.map(\.breakingAtTags))
        case .strike(let content): .strike(content.map(\.breakingAtTags))
        case .link(let destination, let content): .link(destination: destination, content.map(\.breakingAtTags))
        default: self
        }
    }

    /// `<br>`, `<br/>` and `<BR />`.
    private static func isBreak(_ tag: String) -> Bool {
        tag.lowercased().filter { !$0.isWhitespace && $0 != "/" } == "<br>"
    }

    fileprivate var withoutLink: Inline {
        if case .link(_, let content) = self, content.count == 1 { return content[0] }
        return self
    }
}

extension CodeBlock {
    /// The language in an info string: "swift", "swift title=x" and "{.swift}" all mean Swift.
    static func language(ofInfo info: String) -> String {
        let word = info.drop { " \t{.".contains($0) }.prefix { !" \t{},".contains($0) }
        return String(word.prefix(40))
    }
}

extension String {
    var droppingLastLineEnd: String { last?.isNewline == true ? String(dropLast()) : self }
}
