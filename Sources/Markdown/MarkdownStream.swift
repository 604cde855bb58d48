import CMarkGFM

/// A text that grows, as blocks: each is handed out once when no further text can change it, and only the tail is
/// parsed again.
///
/// Long texts are parsed a window at a time, so that no construct, however long or nested, takes more than bounded time
/// and memory. A text that is complete from the start goes the same way.
public struct MarkdownStream: Sendable {
    public struct Update: Sendable {
        /// Blocks handed out so far no longer hold: all come anew. Happens when a link's definition comes after it.
        public var startsOver = false
        /// Blocks that are final from now on.
        public var finished: [Block] = []
        /// The rest, which the next text may change.
        public var tail: [Block] = []
    }

    /// Bytes of text that are parsed at once.
    static let window = 24 << 10

    /// Bytes that the blocks handed out cover.
    private var consumed = 0
    /// Bytes in which definitions were looked for.
    private var scanned = 0
    private var definitions = Definitions()
    private var mayHoldReference = false
    private var fence: OpenFence?
    /// The number of the next item, where the text goes on within an ordered list.
    private var nextNumber: Int?
    /// Whether a blank line ended what was consumed.
    private var isAfterBlank = false

    public init() {}

    /// Takes up a text that begins with the one before.
    public mutating func extend(to text: String, isComplete: Bool) -> Update {
        var update = Update()
        if readDefinitions(text.utf8, isComplete: isComplete), mayHoldReference {
            (consumed, mayHoldReference, fence, nextNumber, isAfterBlank) = (0, false, nil, nil, false)
            update.startsOver = true
        }
        let bytes = Self.lines(Array(text.utf8.dropFirst(consumed)), isComplete: isComplete)[...]
        let rest = finish(bytes, isComplete: isComplete, &update)
        consumed += rest.startIndex - bytes.startIndex
        update.tail = fence?.tail(rest) ?? tail(rest)
        return update
    }

    /// With line feeds in place of carriage returns that stand alone, which end lines in Markdown too: all else here counts
    /// lines by their feeds.
    private static func lines(_ bytes: [UInt8], isComplete: Bool) -> [UInt8] {
        let feed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
        guard bytes.contains(carriageReturn) else { return bytes }
        var bytes = bytes
        for place in bytes.indices where bytes[place] == carriageReturn {
            let isAlone = place + 1 < bytes.count ? bytes[place + 1] != feed : isComplete
            if isAlone { bytes[place] = feed }
        }
        return bytes
    }

    /// Looks at lines that are complete now; whether they define something new.
    private mutating func readDefinitions(_ text: String.UTF8View, isComplete: Bool) -> Bool {
        let new = text.dropFirst(scanned)
        let lines = isComplete ? new : new[..<(new.lastIndex(of: UInt8(ascii: "\n")) ?? new.startIndex)]
        scanned += lines.count
        return definitions.read(Array(lines)[...])
    }

    /// Hands out what is final and returns what is left.
    private mutating func finish(
        _ bytes: ArraySlice<UInt8>, isComplete: Bool, _ update: inout Update
    ) -> ArraySlice<UInt8> {
        var rest = bytes
        while true {
            if var code = fence {
                rest = code.read(rest, isComplete: isComplete, &update)
                fence = code.isClosed ? nil : code
                if fence != nil { return rest }
            }
            if rest.isEmpty { return rest }
            let window = Self.window(of: rest)
            let isLast = window.endIndex == rest.endIndex
            rest = rest.dropFirst(finishBlocks(window, isLast: isLast, isGrowing: isLast && !isComplete, &update))
            if isLast, fence == nil { return rest }
        }
    }

    /// The next bytes, up to the end of a line where there is one, and of a character anyway.
    private static func window(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if bytes.count <= window { return bytes }
        let window = bytes.prefix(window)
        if let end = window.lastIndex(of: UInt8(ascii: "\n")) { return bytes[...end] }
        if let blank = window.suffix(200).lastIndex(of: UInt8(ascii: " ")) { return bytes[..<blank] }
        var end = window.endIndex
        while end > window.startIndex + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return bytes[..<end]
    }

    // MARK: Blocks

    /// Hands out the final blocks of a window and returns how many bytes they cover.
    private mutating func finishBlocks(
        _ window: ArraySlice<UInt8>, isLast: Bool, isGrowing: Bool, _ update: inout Update
    ) -> Int {
        if TableGuard.isTooWide(window) {
            update.finished.append(Block(.paragraph(Inline.lines(String(decoding: window, as: UTF8.self)))))
            return window.count
        }
        if window.contains(UInt8(ascii: "[")) { mayHoldReference = true }
        let mask = MaskedSource(window, isGrowing: isGrowing)
        let completeLines = mask.lineStarts.count - 1
        return parse(mask) { state, document in
            guard let last = document.units.last else { return isGrowing ? 0 : window.count }
            var final = document.units.count
            // A block is final when the next one has begun in a line that is complete.
            if isGrowing { final = document.units.lastIndex { $0.line < completeLines } ?? 0 }
            if !isLast, final > 1 { final -= 1 }
            let code = last.line < completeLines ? OpenFence(last.node, isApart: document.isApart(last)) : nil
            if code != nil { final = document.units.count - 1 }

            update.finished += document.units[..<final].flatMap(document.blocks)
            if let code {
                state.fence = code
                (state.nextNumber, state.isAfterBlank) = (nil, false)
                return mask.lineStarts[last.line + 1]
            }
            guard final < document.units.count else {
                (state.nextNumber, state.isAfterBlank) = (nil, false)
                return window.count
            }
            let next = document.units[final]
            if final == 0 { return 0 }
            state.isAfterBlank = document.isApart(next)
            state.nextNumber = next.index > 0 ? document.number(of: next) : nil
            return mask.lineStarts[next.line]
        } ?? window.count
    }

    /// What is not final yet, with open marks closed for the time being.
    private func tail(_ bytes: ArraySlice<UInt8>) -> [Block] {
        if bytes.isEmpty { return [] }
        var mask = MaskedSource(bytes, isGrowing: true)
        mask.completeTail()
        var copy = self
        return copy.parse(mask) { _, document in document.units.flatMap(document.blocks) } ?? []
    }

    private mutating func parse<Result>(
        _ mask: MaskedSource, _ body: (inout MarkdownStream, ParsedDocument) -> Result
    ) -> Result? {
        let preamble = definitions.preamble(for: mask.text)
        return CMarkDocument.parse(preamble.text + mask.text) { root in
            let document = ParsedDocument(
                root, mask: mask, preambleLines: preamble.lines, firstNumber: nextNumber, isAfterBlank: isAfterBlank)
            return body(&self, document)
        }
    }
}

/// A parsed window: the blocks of its top level, a list's items among them.
private struct ParsedDocument {
    struct Unit {
        var node: CMarkNode
        var list: CMarkNode?
        /// The item's place in its list.
        var index = 0
        var line: Int
    }

    let units: [Unit]
    private let reader: BlockReader
    private let firstNumber: Int?
    private let isAfterBlank: Bool

    init(_ root: CMarkNode, mask: MaskedSource, preambleLines: Int, firstNumber: Int?, isAfterBlank: Bool) {
        reader = BlockReader(mask, skippedLines: preambleLines)
        self.firstNumber = firstNumber
        self.isAfterBlank = isAfterBlank
        let lastLine = mask.lineStarts.count - 1
        func line(_ node: CMarkNode) -> Int { min(max(0, node.startLine - preambleLines), lastLine) }
        var units: [Unit] = []
        for block in root.children {
            guard block.kind == .list else {
                units.append(Unit(node: block, line: line(block)))
                continue
            }
            for (index, item) in block.children.enumerated() {
                units.append(Unit(node: item, list: block, index: index, line: line(item)))
            }
        }
        self.units = units
    }

    func blocks(_ unit: Unit) -> [Block] {
        guard let list = unit.list else { return reader.blocks(of: unit.node, depth: 0, isApart: isApart(unit)) }
        let number = isContinued(list) ? firstNumber : nil
        let item = reader.item(unit.node, of: list, index: unit.index, depth: 0, firstNumber: number)
        return [Block(.item(item), isApart: isApart(unit))]
    }

    func isApart(_ unit: Unit) -> Bool {
        reader.isAfterBlank(unit.node) || isAfterBlank && unit.node == units.first?.node
    }

    /// The number of an item, where its list has numbers.
    func number(of unit: Unit) -> Int? {
        guard let list = unit.list, cmark_node_get_list_type(list.pointer) == CMARK_ORDERED_LIST else { return nil }
        let first = isContinued(list) ? firstNumber : nil
        return (first ?? Int(cmark_node_get_list_start(list.pointer))) + unit.index
    }

    /// Whether the list began before this window.
    private func isContinued(_ list: CMarkNode) -> Bool { units.first?.list == list }
}
