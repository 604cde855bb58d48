import TUI

/// A displayed formula on several lines, with stacked fractions and limits above and below sums.
struct FormulaBox {
    private(set) var lines: [String]
    /// The line on which adjacent boxes are aligned.
    private(set) var baseline: Int
    let width: Int

    private init(_ lines: [String], baseline: Int) {
        width = lines.map(Self.columns).max() ?? 0
        self.lines = lines
        self.baseline = baseline
    }

    private init(_ text: String) { self.init([text], baseline: 0) }

    private static func columns(_ text: String) -> Int { DisplayWidth.of(Sanitizer.visible(text)) }

    init(_ nodes: [FormulaNode]) {
        var parts: [FormulaBox] = []
        var flat: [FormulaNode] = []
        // What fits on one line keeps the spacing of `FormulaLine`.
        func flush() {
            guard !flat.isEmpty else { return }
            parts.append(FormulaBox(FormulaLine.text(flat)))
            flat = []
        }
        for node in Self.flattened(nodes) {
            if Self.isFlat(node) {
                flat.append(node)
            } else {
                flush()
                parts.append(Self.box(node))
            }
        }
        flush()
        self = Self.row(parts, gap: 1)
    }

    private static func flattened(_ nodes: [FormulaNode]) -> [FormulaNode] {
        nodes.flatMap { node -> [FormulaNode] in
            if case .group(let inner) = node { return flattened(inner) }
            return [node]
        }
    }

    // MARK: Parts that need more than one line

    private static func isFlat(_ node: FormulaNode) -> Bool {
        switch node {
        case .symbol, .words, .function, .space, .largeOperator: true
        case .group(let nodes), .accent(_, let nodes): nodes.allSatisfy(isFlat)
        case .fenced(_, let nodes, _): nodes.allSatisfy(isFlat)
        case .root(_, let nodes): nodes.allSatisfy(isFlat) && nodes.count == 1
        case .fraction, .binomial, .rows: false
        case .scripts(let base, let lower, let upper):
            if case .largeOperator = base {
                false
            } else {
                isFlat(base) && hasSmallForm(lower, FormulaSymbols.subscripts)
                    && hasSmallForm(upper, FormulaSymbols.superscripts)
            }
        }
    }

    private static func hasSmallForm(_ nodes: [FormulaNode], _ alphabet: [Character: Character]) -> Bool {
        nodes.allSatisfy(isFlat) && FormulaLine.small(FormulaLine.text(nodes), alphabet) != nil
    }

    private static func box(_ node: FormulaNode) -> FormulaBox {
        switch node {
        case .fraction(let upper, let lower): fraction(FormulaBox(upper), FormulaBox(lower), bar: "─")
        case .binomial(let upper, let lower):
            fenced("(", fraction(FormulaBox(upper), FormulaBox(lower), bar: " "), ")")
        case .root(let degree, let content): root(FormulaLine.radical(degree), FormulaBox(content))
        case .fenced(let left, let content, let right): fenced(left, FormulaBox(content), right)
        case .rows(let rows): fenced(rows.left, table(rows), rows.right)
        case .scripts(let base, let lower, let upper): scripts(base, lower, upper)
        case .group(let nodes): FormulaBox(nodes)
        case .accent(_, let nodes): FormulaBox(nodes)
        default: FormulaBox(FormulaLine.text([node]))
        }
    }

    private static func fraction(_ upper: FormulaBox, _ lower: FormulaBox, bar: String) -> FormulaBox {
        let width = max(upper.width, lower.width) + (bar == " " ? 0 : 2)
        let lines = upper.centered(width) + [String(repeating: bar, count: width)] + lower.centered(width)
        return FormulaBox(lines, baseline: upper.lines.count)
    }

    private static func root(_ sign: String, _ content: FormulaBox) -> FormulaBox {
        let indent = String(repeating: " ", count: columns(sign))
        let roof = indent + String(repeating: "_", count: content.width)
        let body = content.lines.enumerated().map { ($0 == content.lines.count - 1 ? sign : indent) + $1 }
        return FormulaBox([roof] + body, baseline: content.baseline + 1)
    }

    private static func scripts(_ base: FormulaNode, _ lower: [FormulaNode], _ upper: [FormulaNode]) -> FormulaBox {
        let above = upper.isEmpty ? nil : FormulaBox(upper)
        let below = lower.isEmpty ? nil : FormulaBox(lower)
        if case .largeOperator(let symbol) = base {
            let width = max(columns(symbol), above?.width ?? 0, below?.width ?? 0)
            let lines =
                (above?.centered(width) ?? []) + FormulaBox(symbol).centered(width) + (below?.centered(width) ?? [])
            return FormulaBox(lines, baseline: above?.lines.count ?? 0)
        }
        let body = isFlat(base) ? FormulaBox(FormulaLine.text([base])) : box(base)
        // Scripts that exist as small characters need no lines of their own.
        if body.lines.count == 1, above == nil || hasSmallForm(upper, FormulaSymbols.superscripts),
            below == nil || hasSmallForm(lower, FormulaSymbols.subscripts)
        {
            return FormulaBox(FormulaLine.text([.scripts(base: base, lower: lower, upper: upper)]))
        }
        let side = max(above?.width ?? 0, below?.width ?? 0)
        var lines: [String] = []
        let indent = String(repeating: " ", count: body.width)
        for line in above?.lines ?? [] { lines.append(indent + line) }
        lines += body.padded(body.width).map { $0 + String(repeating: " ", count: side) }
        for line in below?.lines ?? [] { lines.append(indent + line) }
        return FormulaBox(lines, baseline: (above?.lines.count ?? 0) + body.baseline)
    }

    private static func table(_ rows: FormulaNode.Rows) -> FormulaBox {
        let boxes = rows.cells.map { $0.map(FormulaBox.init) }
        let count = boxes.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            boxes.map { $0.indices.contains(column) ? $0[column].width : 0 }.max() ?? 0
        }
        let gap = rows.kind == .equations ? 1 : 2
        var lines: [String] = []
        for row in boxes {
            let cells = row.enumerated().map { column, box -> FormulaBox in
                let lines: [String]
                switch rows.kind {
                case .matrix: lines = box.centered(widths[column])
                case .cases: lines = box.padded(widths[column])
                // Equations are aligned at their signs: right, left, right, …
                case .equations:
                    lines =
                        column % 2 == 0 && count > 1
                        ? box.padded(widths[column], alignedRight: true) : box.padded(widths[column])
                }
                return FormulaBox(lines, baseline: box.baseline)
            }
            if rows.kind != .matrix, !lines.isEmpty, row.contains(where: { $0.lines.count > 1 }) { lines.append("") }
            lines += Self.row(cells, gap: gap, keepsEmptyBoxes: true).lines
        }
        return FormulaBox(lines, baseline: max(0, (lines.count - 1) / 2))
    }

    // MARK: Brackets

    private static let tall: [String: [String]] = [
        "(": ["⎛", "⎜", "⎝", "⎜"], ")": ["⎞", "⎟", "⎠", "⎟"], "[": ["⎡", "⎢", "⎣", "⎢"], "]": ["⎤", "⎥", "⎦", "⎥"],
        "{": ["⎧", "⎪", "⎩", "⎨"], "}": ["⎫", "⎪", "⎭", "⎬"], "⌊": ["⎢", "⎢", "⎣", "⎢"], "⌋": ["⎥", "⎥", "⎦", "⎥"],
        "⌈": ["⎡", "⎢", "⎢", "⎢"], "⌉": ["⎤", "⎥", "⎥", "⎥"], "|": ["│", "│", "│", "│"], "‖": ["║", "║", "║", "║"],
    ]

    private static func fenced(_ left: String, _ content: FormulaBox, _ right: String) -> FormulaBox {
        let height = content.lines.count
        func bracketLines(_ mark: String) -> [String] {
            guard height > 1, let parts = tall[mark] else {
                return (0..<height).map { $0 == content.baseline ? mark : String(repeating: " ", count: columns(mark)) }
            }
            return (0..<height).map { row in
                if row == 0 { return parts[0] }
                if row == height - 1 { return parts[2] }
                return row == height / 2 ? parts[3] : parts[1]
            }
        }
        let inner = content.padded(content.width)
        let opening = bracketLines(left), closing = bracketLines(right)
        let gap = height > 1 && !left.isEmpty ? " " : ""
        let lines = (0..<height).map { row in
            opening[row] + gap + inner[row] + (closing[row].isEmpty ? "" : gap + closing[row])
        }
        return FormulaBox(lines, baseline: content.baseline)
    }

    // MARK: Joining boxes

    private static func row(_ boxes: [FormulaBox], gap: Int, keepsEmptyBoxes: Bool = false) -> FormulaBox {
        let boxes = keepsEmptyBoxes ? boxes : boxes.filter { $0.width > 0 }
        let above = boxes.map(\.baseline).max() ?? 0
        let below = boxes.map { $0.lines.count - $0.baseline }.max() ?? 1
        var lines = Array(repeating: "", count: above + below)
        for (index, box) in boxes.enumerated() {
            let body = box.padded(box.width)
            let empty = String(repeating: " ", count: box.width)
            for row in lines.indices {
                if index > 0, !isJoined(boxes[index - 1], box) { lines[row] += String(repeating: " ", count: gap) }
                let boxRow = row - above + box.baseline
                lines[row] += body.indices.contains(boxRow) ? body[boxRow] : empty
            }
        }
        return FormulaBox(lines, baseline: above)
    }

    /// Punctuation and brackets have no gap to what they belong to.
    private static func isJoined(_ left: FormulaBox, _ right: FormulaBox) -> Bool {
        right.lines[right.baseline].first.map { ",.;:)]}!".contains($0) } == true
            || left.lines[left.baseline].last.map { "([{".contains($0) } == true
    }

    private func centered(_ width: Int) -> [String] {
        lines.map { line in
            let free = max(0, width - Self.columns(line))
            return String(repeating: " ", count: free / 2) + line + String(repeating: " ", count: free - free / 2)
        }
    }

    private func padded(_ width: Int, alignedRight: Bool = false) -> [String] {
        lines.map { line in
            let blanks = String(repeating: " ", count: max(0, width - Self.columns(line)))
            return alignedRight ? blanks + line : line + blanks
        }
    }
}
